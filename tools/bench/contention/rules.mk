# SPDX-License-Identifier: GPL-2.0-only
# What processors do to each other's caches: a program whose threads contend for events, a QEMU plugin that counts, and a
# program that makes a table.

CONTENTION_DIR := $(BENCH_DIR)/contention
CONTENTION_OUT := build/contention
# Fewer than 4 would hardly meet.
CONTENTION_SMP := $(if $(filter file,$(origin SMP)),4,$(SMP))

XPOLL_CONTENTION := build/host/xpoll-contention
CONTENTION_OBJ := build/host/obj/$(CONTENTION_DIR)/main.o

CONTENTION_PLUGIN := build/host/xpoll-contention.so
CONTENTION_PLUGIN_SRC := $(CONTENTION_DIR)/plugin.cc $(CONTENTION_DIR)/window.cc
CONTENTION_PLUGIN_OBJ := $(CONTENTION_PLUGIN_SRC:%.cc=build/host/obj/%.o)

CONTENTION_REPORT := build/host/xpoll-contention-report
CONTENTION_REPORT_OBJ := build/host/obj/$(CONTENTION_DIR)/report.o

# Export only the two symbols that QEMU looks for.
$(CONTENTION_PLUGIN_OBJ): private BENCH_FAST_CXXFLAGS += -fPIC -fvisibility=hidden

$(eval $(call cxx-program,$(CONTENTION_PLUGIN),$(CONTENTION_PLUGIN_OBJ),-shared))

$(eval $(call cxx-program,$(XPOLL_CONTENTION),$(CONTENTION_OBJ) $(TOOLS_UTIL) build/host/libxpoll.a,-lfmt -pthread))

$(eval $(call cxx-program,$(CONTENTION_REPORT),$(CONTENTION_REPORT_OBJ) \
	build/host/obj/$(CONTENTION_DIR)/window.o build/host/obj/$(PROFILE_DIR)/symbols.o $(TOOLS_UTIL),-lfmt))

.PHONY: contention contention-built
contention: setup
	$(AFTER_SETUP) contention-built
contention-built: $(XPOLL_CONTENTION) $(CONTENTION_PLUGIN) $(CONTENTION_REPORT) $(XPOLL_VM) \
		$(BENCH_KERNELS:%=build/%/xpoll.ko)
	for kernel in $(BENCH_KERNELS); do $(call contention-run,$$kernel) || exit 1; done

# Processors in parallel: in turns, each would take thousands of events before another one runs.
contention-run = out=$(CONTENTION_OUT)/$(1); $(RM) -r $$out; mkdir -p $$out/guest; \
	$(XPOLL_VM) run --parallel --smp $(CONTENTION_SMP) --kernel $(1) --module build/$(1)/xpoll.ko --mem $(BENCH_MEM) \
		--timeout $(BENCH_TIMEOUT) --qemu-plugin $(abspath $(CONTENTION_PLUGIN)),out=$(CURDIR)/$$out/guest/counts \
		--out $$out/guest --log $$out/kernel.log -- $(CONTENTION_DIR)/guest.sh $(XPOLL_CONTENTION) && \
	$(CONTENTION_REPORT) --counts $$out/guest/counts --kallsyms $$out/guest/kallsyms --json $$out.json \
		$$out/guest/rows.json | tee $$out.md
