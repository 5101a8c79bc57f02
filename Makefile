# SPDX-License-Identifier: GPL-2.0-only
# xpoll: the module, its library, its tests and the guests they run in. "make help" tells what there is.

STOCK_KERNELS := 6.1-amd64 6.1-cloud 6.1-rt 6.12-amd64 6.12-cloud 6.12-rt

DEBUG_KERNELS := 6.1-debug 6.1-kcsan 6.12-debug 6.12-debug-rt 6.12-kcsan

KERNEL ?= 6.1-amd64
KERNELS ?= $(KERNEL)
ifeq ($(KERNELS),all)
override KERNELS := $(STOCK_KERNELS)
endif
UNKNOWN_KERNELS := $(filter-out $(STOCK_KERNELS) $(DEBUG_KERNELS),$(KERNEL) $(KERNELS))
ifneq ($(UNKNOWN_KERNELS),)
$(error no such kernel: $(UNKNOWN_KERNELS); there are $(STOCK_KERNELS) $(DEBUG_KERNELS))
endif
SMP ?= 2
MEM ?= 1G
ACCEL ?= tcg
CHECK_TIMEOUT ?= 900
JOBS ?= $(shell nproc)

ifeq ($(V),)
MAKEFLAGS += --silent
endif
# A line for each file, so that a long build shows that it lives.
SAY := printf '%s\n'
SHELL := /bin/bash
.DELETE_ON_ERROR:
.SUFFIXES:

XPOLL_VM := build/host/xpoll-vm
GUEST := --smp $(SMP) --mem $(MEM) --accel $(ACCEL) $(if $(PARALLEL),--parallel)

.PHONY: all
all: userland module

include module/rules.mk
include userlib/rules.mk
include selftests/rules.mk
include selftests/load/rules.mk
include selftests/preload/rules.mk
include selftests/faults/rules.mk
include selftests/stress/rules.mk
include selftests/ioctlfuzz/rules.mk
include selftests/fuzz/rules.mk
include selftests/vm/rules.mk
include selftests/mutations/rules.mk
include selftests/report/rules.mk
include selftests/static/rules.mk
include tools/rules.mk
include tools/bench/rules.mk
include tools/probes/rules.mk
include selftests/probes/rules.mk
include tools/probes/compare/rules.mk
include tools/probes/trace/rules.mk
include selftests/apps/rules.mk
include selftests/models/rules.mk
include selftests/debug/rules.mk
include selftests/coverage/rules.mk

.PHONY: userland
userland: userlib examples selftests demo $(XPOLL_VM) $(XPOLL_REPORT)

.PHONY: setup
setup:
	packaging/setup

# What needs the packages that setup installs is left to a second make.
AFTER_SETUP = +$(MAKE) --no-print-directory --jobs=$(JOBS)

.PHONY: run run-built
run: setup
	$(AFTER_SETUP) run-built
run-built: demo $(XPOLL_VM) build/$(KERNEL)/xpoll.ko
	build/host/xpoll-demo --kernel $(KERNEL) --module build/$(KERNEL)/xpoll.ko

UNIT_TESTS := $(VM_UNIT) $(REPORT_UNIT) $(USERLIB_UNIT) $(MODEL_UNIT) $(DEBUG_UNIT) $(BENCH_UNIT) $(PROBES_UNIT)
CHECK_DIR := build/check

.PHONY: check check-built
check: setup
	$(AFTER_SETUP) check-built
check-built: userland fuzzer $(if $(APPS),apptests) module $(UNIT_TESTS)
	$(RM) -r $(CHECK_DIR)
	+$(MAKE) --no-print-directory check-unit-built
	+$(MAKE) --no-print-directory check-guest-built
	$(if $(APPS),+$(MAKE) --no-print-directory check-apps-built)
	$(XPOLL_REPORT) summary --dir $(CHECK_DIR) $(GUEST_RUNS) $(if $(APPS),$(APPS_RUNS))

.PHONY: check-unit check-unit-built
check-unit: setup
	$(RM) -r $(CHECK_DIR)
	$(AFTER_SETUP) check-unit-built
	$(XPOLL_REPORT) summary --dir $(CHECK_DIR)
check-unit-built: $(UNIT_TESTS) $(XPOLL_REPORT)
	for test in $(UNIT_TESTS); do \
		GTEST_OUTPUT=json:$(CHECK_DIR)/unit/$${test##*/}.json \
			$(XPOLL_REPORT) step --name $${test##*/} --dir $(CHECK_DIR)/unit -- $$test --gtest_brief=1; \
	done

# The rows of the summary that guests fill. The library's unit tests find xpoll only there.
GUEST_RUNS := $(KERNELS) $(if $(TESTS),,$(KERNELS:%=%-userlib)) $(PRELOAD_RUNS) $(LOAD_RUNS) $(FUZZ_RUNS) \
	$(PROBES_RUNS)

.PHONY: check-guest check-guest-built
check-guest: setup
	$(RM) -r $(CHECK_DIR)
	$(AFTER_SETUP) check-guest-built
	$(XPOLL_REPORT) summary --dir $(CHECK_DIR) $(GUEST_RUNS)
# One guest after the other: each takes the processors it can get. What a run found is in its vm.json.
check-guest-built: userland module $(USERLIB_UNIT)
	for kernel in $(KERNELS); do \
		$(call guest-run,$$kernel,$$kernel,$(SELFTESTS_BIN) $(if $(TESTS),--gtest_filter='$(TESTS)')); \
		$(if $(TESTS),,$(call guest-run,$$kernel-userlib,$$kernel,$(USERLIB_UNIT) --gtest_brief=1);) \
	done
	+$(if $(TESTS),,$(MAKE) --no-print-directory check-preload-built check-load-built check-fuzz-built \
		check-probes-built)

# A row of the summary: $(1), its name, $(2), the kernel, and $(3), what is run there.
guest-run = out=$(CHECK_DIR)/kernels/$(1); mkdir -p $$out; \
	$(XPOLL_VM) run --kernel $(2) --module build/$(2)/xpoll.ko $(GUEST) \
		--timeout $(CHECK_TIMEOUT) --out $$out --json $$out/vm.json --log $$out/kernel.log -- \
		$(3) --gtest_output=json:/out/tests.json | tee $$out/tests.ktap

.PHONY: shell shell-built
shell: setup
	$(AFTER_SETUP) shell-built
shell-built: $(XPOLL_VM) build/$(KERNEL)/xpoll.ko
	$(XPOLL_VM) shell --kernel $(KERNEL) --module build/$(KERNEL)/xpoll.ko $(GUEST)

.PHONY: clean
clean:
	$(RM) -r build

.PHONY: help
help:
	sed -n 's/^#: \{0,1\}//p' Makefile

#: make [all]       module for KERNEL, library, programs and tests, into build/
#: make run         serve TCP connections on xpoll, then on native epoll, in a guest
#: make check       build, unit tests and all selftests in guests
#: make lint        static checks: sparse, checkpatch, clang-format, shellcheck, clang-tidy
#: make check-unit, make check-guest
#:                  parts of that. Of check-guest: check-preload (programs on xpoll-run), check-load
#:                  (the module comes and goes), check-fuzz (xpoll and native epoll in lockstep),
#:                  check-probes (the eBPF tools)
#: make check-apps  redis, nginx, memcached and others on xpoll and on native epoll; APPS=1 makes it
#:                  a part of check
#: make fuzz        as many random steps as you like: STEPS=2000000 SEED=1
#: make model       verify the models of the wake-up and of the last-close protocol with spin
#: make trace       follow packets to the waiter on both with eBPF; text, JSON and a picture
#: make bench       instructions for each call, on select, poll, epoll, io_uring and xpoll, with icount;
#:                  BENCH=REGEX picks, make bench-compare BASE=FILE shows what changed
#: make profile     where the instructions of these calls go, function by function
#: make check-debug what there is on kernels with KASAN, lockdep, KCSAN, PREEMPT_RT; QUICK=1: one of them
#: make mutations   break a line of the module and see which test notices
#: make coverage    lines of the module that the tests reach
#: make check-runner  shows the guest runner a module that misbehaves
#: make shell       a shell in a guest with the module loaded
#: make module      build/KERNEL/xpoll.ko
#: make install     module, library, headers, man pages, udev rule; make uninstall
#: make setup       install the Debian packages that all this needs (packaging/packages.txt)
#: make clean       remove build/; the kernels stay in ~/.cache/xpoll
#:
#: KERNEL=6.1-amd64 one of 6.1-amd64 6.1-cloud 6.1-rt 6.12-amd64 6.12-cloud 6.12-rt, and of those
#:                  built from source when first used: 6.1-debug 6.12-debug (KASAN, lockdep),
#:                  6.1-kcsan 6.12-kcsan, 6.12-debug-rt
#: KERNELS="..."    several for check and module; all: the six stock ones
#: SMP=2 MEM=1G     the guest's virtual CPUs and memory
#: PARALLEL=1       virtual CPUs on host threads of their own, for races
#: ACCEL=tcg        or kvm
#: TESTS=PATTERN    only these selftests, as --gtest_filter takes it; APPTESTS=PATTERN of check-apps
#: V=1              show every command
#: DESTDIR= PREFIX=/usr/local
#:
#: Examples:
#:   make run KERNEL=6.12-rt
#:   make check KERNELS="6.1-amd64 6.12-amd64"
#:   make check-guest KERNEL=6.1-debug TESTS='Lifetime*'
