# SPDX-License-Identifier: GPL-2.0-only
# xpoll-bench, and the programs that read its results.

BENCH_DIR := tools/bench
BENCH_CXXFLAGS := $(TOOLS_CXXFLAGS) -I$(BENCH_DIR)
# Flags for code that is measured, or that runs for each instruction of a guest. The results in git were made with
# this compiler.
BENCH_FAST_CXXFLAGS := $(BENCH_CXXFLAGS) -O2

XPOLL_BENCH := build/host/xpoll-bench
BENCH_SRC := $(sort $(BENCH_DIR)/main.cc $(wildcard $(addprefix $(BENCH_DIR)/,util/*.cc subject/*.cc backend/*.cc)))
BENCH_OBJ := $(BENCH_SRC:%.cc=build/host/obj/%.o)

BENCH_REPORT := build/host/xpoll-bench-report
BENCH_REPORT_LIB_SRC := $(sort $(filter-out %/main.cc %_test.cc,$(wildcard $(BENCH_DIR)/report/*.cc)))
BENCH_REPORT_LIB_OBJ := $(BENCH_REPORT_LIB_SRC:%.cc=build/host/obj/%.o) $(TOOLS_UTIL)
BENCH_REPORT_MAIN_OBJ := build/host/obj/$(BENCH_DIR)/report/main.o
BENCH_UNIT := build/host/bench-unit
BENCH_UNIT_SRC := $(sort $(wildcard $(addprefix $(BENCH_DIR)/,report/*_test.cc profile/*_test.cc contention/*_test.cc)))
BENCH_UNIT_OBJ := $(BENCH_UNIT_SRC:%.cc=build/host/obj/%.o)

# A regular expression for the names of benchmarks, such as ctl_add_.*/1000$$. Empty selects all.
BENCH ?=
BENCH_OUT := build/bench
BENCH_MEM ?= 4G
BENCH_TIMEOUT ?= 1800
# Without KERNELS, the two kernels that have goals.
BENCH_KERNELS := $(if $(filter-out file,$(origin KERNELS) $(origin KERNEL)),$(KERNELS),6.1-amd64 6.12-amd64)

# Count instructions if the machine is emulated, else measure time.
BENCH_GUEST := $(if $(filter kvm,$(ACCEL)),--accel kvm --smp $(SMP),--icount) --mem $(BENCH_MEM) --timeout $(BENCH_TIMEOUT)
BENCH_CLOCK := $(if $(filter kvm,$(ACCEL)),,--icount)

include $(BENCH_DIR)/profile/rules.mk
include $(BENCH_DIR)/contention/rules.mk

# The test of the marks needs code that is compiled as the measured code is.
BENCH_FAST_OBJ := $(BENCH_OBJ) $(PROFILE_PLUGIN_OBJ) $(CONTENTION_PLUGIN_OBJ) $(CONTENTION_OBJ) \
	$(filter %/mark_test.o,$(BENCH_UNIT_OBJ))
BENCH_OTHER_OBJ := $(filter-out $(BENCH_FAST_OBJ) %.a,$(BENCH_REPORT_LIB_OBJ) $(BENCH_REPORT_MAIN_OBJ) \
	$(BENCH_PROFILE_LIB_OBJ) $(BENCH_PROFILE_MAIN_OBJ) $(CONTENTION_REPORT_OBJ) $(BENCH_UNIT_OBJ))

.PHONY: bench-tools
bench-tools: $(XPOLL_BENCH) $(BENCH_REPORT)

$(eval $(call cxx-objects,$(BENCH_FAST_OBJ),$$(BENCH_FAST_CXXFLAGS)))
$(BENCH_FAST_OBJ): private CXX := g++

$(eval $(call host-objects,$(BENCH_OTHER_OBJ),$$(BENCH_CXXFLAGS)))

$(eval $(call cxx-program,$(XPOLL_BENCH),$(BENCH_OBJ) $(TOOLS_UTIL) build/host/libxpoll.a,-lbenchmark \
	-luring -lfmt -lutil -pthread))

$(eval $(call cxx-program,$(BENCH_REPORT),$(BENCH_REPORT_MAIN_OBJ) $(BENCH_REPORT_LIB_OBJ),-lfmt))

$(eval $(call cxx-program,$(BENCH_UNIT),$(BENCH_UNIT_OBJ) $(BENCH_PROFILE_LIB_OBJ) \
	build/host/obj/$(CONTENTION_DIR)/window.o \
	$(BENCH_REPORT_LIB_OBJ),-lgmock -lgtest_main -lgtest -lfmt -pthread))

BENCH_RESULTS := $(BENCH_DIR)/results

.PHONY: bench bench-built bench-compare bench-results
bench: setup
	$(AFTER_SETUP) bench-built
bench-built: bench-tools $(XPOLL_VM) $(BENCH_KERNELS:%=build/%/xpoll.ko)
	for kernel in $(BENCH_KERNELS); do $(call bench-run,$$kernel) || exit 1; done

bench-run = out=$(BENCH_OUT)/$(1); $(RM) -r $$out; mkdir -p $$out/guest; \
	$(XPOLL_VM) run $(BENCH_GUEST) --kernel $(1) --out $$out/guest --log $$out/kernel.log -- \
		$(BENCH_DIR)/guest.sh $(XPOLL_BENCH) build/$(1)/xpoll.ko $(BENCH_CLOCK) --filter '$(BENCH)' && \
	$(BENCH_REPORT) merge --out $(BENCH_OUT)/$(1).json $$out/guest/*loaded.json && \
	$(BENCH_REPORT) table $(BENCH_OUT)/$(1).json --markdown $(BENCH_OUT)/$(1).md \
		--json $(BENCH_OUT)/$(1)-table.json --plots $(BENCH_OUT)/$(1) $(if $(BENCH),,--complete) && \
	(cd $(BENCH_OUT)/$(1) && for plot in *.gp; do [ ! -e "$$plot" ] || gnuplot "$$plot"; done)

# redis and nginx, of check-apps' packages.
.PHONY: bench-servers bench-servers-built
bench-servers: setup
	$(AFTER_SETUP) bench-servers-built
bench-servers-built: $(XPOLL_VM) $(XPOLL_RUN) $(APPS_PACKAGES) $(BENCH_KERNELS:%=build/%/xpoll.ko)
	for kernel in $(BENCH_KERNELS); do \
		$(XPOLL_VM) run $(BENCH_GUEST) --kernel $$kernel --module build/$$kernel/xpoll.ko -- \
			tools/bench/servers.sh "$$(cat $(APPS_PACKAGES))" $(XPOLL_RUN) || exit 1; \
	done

bench-compare: $(BENCH_REPORT)
	[ -n '$(BASE)' ] || { echo 'BASE=file.json is missing: the results to compare with' >&2; exit 2; }
	$(BENCH_REPORT) compare --base '$(BASE)' $(BENCH_OUT)/$(KERNEL).json \
		--json $(BENCH_OUT)/$(KERNEL)-compare.json

# Copies the results of the last "make bench" into the tree, with links to the profiles of "make profile-results".
# Nothing in that directory is written by hand.
bench-results: $(BENCH_REPORT)
	for kernel in $(BENCH_KERNELS); do \
		results=$(BENCH_RESULTS)/$$kernel; mkdir -p $$results && \
		find $$results -name '*.svg' ! -name 'profile-*' -delete && \
		cp $(BENCH_OUT)/$$kernel.json $(BENCH_OUT)/$$kernel-table.json $(BENCH_OUT)/$$kernel/*.svg $$results && \
		$(BENCH_REPORT) table $$results/$$kernel.json --markdown $$results/$$kernel.md --profiles $$results --complete \
			>/dev/null || exit 1; \
	done

tidy/tools/bench tidy/tools/bench/%: TIDY_FLAGS += -Itools/bench
