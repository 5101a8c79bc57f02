# SPDX-License-Identifier: GPL-2.0-only
# Where a benchmark's instructions are executed: a QEMU plugin that counts them, and a program that makes tables from
# the counts.

PROFILE_DIR := tools/bench/profile

PROFILE_PLUGIN := build/host/xpoll-profile.so
PROFILE_PLUGIN_SRC := $(PROFILE_DIR)/plugin.cc $(PROFILE_DIR)/round_counts.cc
PROFILE_PLUGIN_OBJ := $(PROFILE_PLUGIN_SRC:%.cc=build/host/obj/%.o)

BENCH_PROFILE := build/host/xpoll-bench-profile
BENCH_PROFILE_LIB_SRC := $(sort $(filter-out %/main.cc %/plugin.cc %_test.cc,$(wildcard $(PROFILE_DIR)/*.cc)))
BENCH_PROFILE_LIB_OBJ := $(BENCH_PROFILE_LIB_SRC:%.cc=build/host/obj/%.o)
BENCH_PROFILE_MAIN_OBJ := build/host/obj/$(PROFILE_DIR)/main.o

# Export only the two symbols that QEMU looks for.
$(PROFILE_PLUGIN_OBJ): private BENCH_FAST_CXXFLAGS += -fPIC -fvisibility=hidden

$(eval $(call cxx-program,$(PROFILE_PLUGIN),$(PROFILE_PLUGIN_OBJ),-shared))

$(eval $(call cxx-program,$(BENCH_PROFILE),$(BENCH_PROFILE_MAIN_OBJ) $(BENCH_PROFILE_LIB_OBJ) \
	$(BENCH_REPORT_LIB_OBJ),-lfmt))

# What "make profile" measures without BENCH: the missed goals, and calls that cost more than on native epoll.
PROFILE_DEFAULT := ^(wait_none/(epoll|xpoll)/1000|wait_(level|edge)_(eventfd|unix|tcp)/(epoll|xpoll)/(1|1000)/1000|
PROFILE_DEFAULT := $(PROFILE_DEFAULT)ctl_(add|mod|del)_(eventfd|unix|tcp)/(epoll|xpoll)/1000|create_close/(epoll|xpoll)|
PROFILE_DEFAULT := $(PROFILE_DEFAULT)callback_(eventfd|unix|tcp)/(unwatched|epoll|xpoll)/100|unwatched_close_.*|
PROFILE_DEFAULT := $(PROFILE_DEFAULT)callback_edge_tcp/(epoll|ring)/100|take_eventfd/ring/(1|1000)|
PROFILE_DEFAULT := $(PROFILE_DEFAULT)watch_add_eventfd/(epoll|xpoll)|extended_wait_tcp/(plain|extended)/1000|
PROFILE_DEFAULT := $(PROFILE_DEFAULT)extended_wake_eventfd/(plain|time)/1000)$$
PROFILE_OUT := build/profile

.PHONY: profile profile-built profile-results
profile: setup
	$(AFTER_SETUP) profile-built
profile-built: bench-tools $(PROFILE_PLUGIN) $(BENCH_PROFILE) $(XPOLL_VM) $(BENCH_KERNELS:%=build/%/xpoll.ko)
	for kernel in $(BENCH_KERNELS); do $(call profile-run,$$kernel) || exit 1; done

# QEMU calls the plugin for each instruction, so the guest runs at about a third of its speed.
profile-run = out=$(PROFILE_OUT)/$(1); $(RM) -r $$out; mkdir -p $$out/guest; \
	$(XPOLL_VM) run --icount --kernel $(1) --mem $(BENCH_MEM) --timeout $(BENCH_TIMEOUT) \
		--qemu-plugin $(abspath $(PROFILE_PLUGIN)),out=$(CURDIR)/$$out/guest/counts \
		--out $$out/guest --log $$out/kernel.log -- \
		env KALLSYMS=/out/kallsyms $(BENCH_DIR)/guest.sh $(XPOLL_BENCH) build/$(1)/xpoll.ko --icount \
			--filter '$(or $(BENCH),$(PROFILE_DEFAULT))' && \
	$(BENCH_PROFILE) --counts $$out/guest/counts --kallsyms $$out/guest/kallsyms --out $$out \
		$$(ls $$out/guest/unloaded.json 2>/dev/null) $$out/guest/loaded.json && \
	(cd $$out && for plot in *.gp; do gnuplot "$$plot"; done)

# Copies the results of the last "make profile" into the tree, to be committed.
profile-results:
	for kernel in $(BENCH_KERNELS); do \
		mkdir -p $(BENCH_RESULTS)/$$kernel && \
		$(RM) $(BENCH_RESULTS)/$$kernel/profile-* && \
		cp $(PROFILE_OUT)/$$kernel/profile-*.{txt,json,svg} $(BENCH_RESULTS)/$$kernel || exit 1; \
	done
