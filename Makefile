# SPDX-License-Identifier: GPL-2.0-only
# xpoll: the module, its library, its tests and the guests they run in. "make help" tells what there is.

SHELL := /bin/bash
# "make -n" runs what a recipe marks with "+" or calls by the word MAKE, so that makes show what they would do.
# Those that need what has not been built, as the kernel's, are called by these words instead.
SHORT_FLAGS := $(filter-out --%,$(firstword -$(MAKEFLAGS)))
DRY_RUN := $(findstring n,$(SHORT_FLAGS))
PLUS := $(if $(DRY_RUN),,+)
OTHER_MAKE = $(MAKE) --no-print-directory

ifeq ($(V),)
MAKEFLAGS += --silent
endif
# The module, the library, the packages and "--version" of the programs take it from there.
XPOLL_VERSION := $(file <VERSION)
GOALS := $(or $(MAKECMDGOALS),all)

# A path goes through make, kbuild and shells, which no quoting spans.
HASH := \#
OPEN := (
CLOSE := )
AWKWARD_CHARACTERS := $$ : ; & | < > * ? [ ] ! ' " ` \ % $(HASH) $(OPEN) $(CLOSE)
awkward = $(strip $(if $(word 2,x$(1)x),space) $(foreach character,$(AWKWARD_CHARACTERS),$(findstring $(character),$(1))))
refuse-awkward = $(if $(call awkward,$(2)),$(error $(1) is "$(2)", and the build takes no path with a space or \
	any of $(AWKWARD_CHARACTERS)))
$(call refuse-awkward,the directory of this tree,$(CURDIR))
$(foreach path,DESTDIR PREFIX BINDIR LIBDIR INCLUDEDIR MANDIR PKGCONFIGDIR UDEVRULESDIR, \
	$(call refuse-awkward,$(path),$($(path))))

# One make at a time in a tree: the first one hands its goals to another under a lock. A shell in a guest
# stays open for hours, so only what it builds is locked.
UNLOCKED := help shell
ifeq ($(or $(filter $(CURDIR),$(XPOLL_LOCKED)),$(findstring q,$(SHORT_FLAGS)),$(DRY_RUN)),)
NEEDS_LOCK := $(filter-out $(UNLOCKED),$(GOALS))
endif
ifneq ($(NEEDS_LOCK),)

.PHONY: $(GOALS) locked
$(sort $(GOALS)): locked
	@:
locked:
	+@XPOLL_LOCKED=$(CURDIR) packaging/locked $(MAKE) --no-print-directory $(MAKECMDGOALS)

else

STOCK_KERNELS := 6.1-amd64 6.1-cloud 6.1-rt 6.12-amd64 6.12-cloud 6.12-rt

DEBUG_KERNELS := 6.1-debug 6.1-kcsan 6.12-debug 6.12-debug-rt 6.12-kcsan

KERNEL ?= 6.1-amd64
KERNELS ?= $(KERNEL)
ifeq ($(KERNELS),all)
override KERNELS := $(STOCK_KERNELS)
endif
UNKNOWN_KERNELS := $(sort $(filter-out $(STOCK_KERNELS) $(DEBUG_KERNELS),$(KERNEL) $(KERNELS)))
# What has nothing to do with kernels works all the same.
ifneq ($(and $(UNKNOWN_KERNELS),$(filter-out help setup clean,$(GOALS))),)
$(error no such kernel: $(UNKNOWN_KERNELS); there are $(STOCK_KERNELS) $(DEBUG_KERNELS))
endif
SMP ?= 2
MEM ?= 1G
ACCEL ?= tcg
CHECK_TIMEOUT ?= 900
JOBS ?= $(shell nproc)

# A line for each file, so that a long build shows that it lives.
# On a terminal it takes the place of a line that moves (see packaging/progress).
SAY := printf '$(if $(MAKE_TERMOUT),\r\033[K)%s\n'
.DELETE_ON_ERROR:
.SUFFIXES:

XPOLL_VM := build/host/xpoll-vm
GUEST := --smp $(SMP) --mem $(MEM) --accel $(ACCEL) $(if $(PARALLEL),--parallel)
# Of a rule for a row of kernel %.
MODULE_GUEST = --module build/$*/xpoll.ko $(GUEST)

.PHONY: all
all: userland module

CHECK_DIR := build/check

# What test programs and guests find goes below CHECK_DIR, a row of the summary each.
# $(call guest-run,ROW,KERNEL,OPTIONS,SECONDS,COMMAND): what the guest found is in its vm.json, so that the
# other rows go on whatever it was.
guest-run = out=$(CHECK_DIR)/kernels/$(1); mkdir -p $$out; \
	$(XPOLL_VM) run --kernel $(2) $(3) --timeout $(4) --out $$out --json $$out/vm.json --log $$out/kernel.log -- \
		$(5) 2>&1 | $(if $(V),tee,selftests/report/follow $(1)) $$out/output.log; \
	$(XPOLL_REPORT) row --dir $(CHECK_DIR) $(1)

# $(eval $(call guest-row,NAME,OPTIONS)): the rule for the rows guest/KERNEL-NAME, or guest/KERNEL without a name.
# In a guest with these options the command $(NAME-row) runs; both find the kernel in $$*. Where NAME-seconds
# is not set, it has CHECK_TIMEOUT. The program gets the option that has GoogleTest write its results.
define guest-row
$(KERNELS:%=guest/%$(addprefix -,$(1))): guest/%$(addprefix -,$(1)):
	$$(call guest-run,$$(@F),$$*,$(2),$$(or $$($(or $(1),selftests)-seconds),$$(CHECK_TIMEOUT)),$$($(or $(1),selftests)-row) \
		--gtest_output=json:/out/tests.json)
endef

# Guests that run side by side: each has a processor and half as much memory again as it sees.
CHECK_JOBS ?= $(shell awk -v guest=$$(numfmt --from=iec $(MEM)) -v cpus=$(if $(PARALLEL),1,$$(nproc)) \
	'/^MemAvailable/ { n = int($$2 * 1024 / guest / 1.5); print (n < 1 ? 1 : n > cpus ? cpus : n) }' /proc/meminfo)

# $(call part,DIRECTORY,NAME,STEPS) before a command: its progress is shown, its time is noted.
part = $(if $(DRY_RUN),,selftests/report/part $(1)/parts $(2) selftests/report/watch $(2) $(3))
# How many steps a make of these targets has.
count-steps = "$$($(MAKE) --dry-run $(1) 2>/dev/null | grep -c '"  [A-Z]')"

# $(call check-target,NAME,PROGRAMS,ROWS): builds the programs, runs the rows side by side, prints a summary.
# The rows are targets: unit/PROGRAM and guest/ROW.
define check-target
.PHONY: $(1) $(1)-built $(3)
$(1): setup
	+$$(MAKE) --no-print-directory $(1)-built
$(1)-built:
	$$(RM) -r $$(CHECK_DIR)
	+$$(call part,$$(CHECK_DIR),build,$$(call count-steps,$(2) $$(XPOLL_REPORT))) \
		$$(MAKE) --no-print-directory --jobs=$$(JOBS) $(2) $$(XPOLL_REPORT)
	+$$(call part,$$(CHECK_DIR),tests,$$(words $(3))) $$(MAKE) --no-print-directory --jobs=$$(CHECK_JOBS) $(3)
	$$(if $$(filter %-apps,$(3)),$$(XPOLL_REPORT) apps --dir $$(CHECK_DIR) $(patsubst guest/%,%,$(filter %-apps,$(3))))
	$$(XPOLL_REPORT) summary --dir $$(CHECK_DIR) $(patsubst guest/%,%,$(filter guest/%,$(3)))
endef

include tools/util/cxx.mk
include tools/util/bpf.mk
include module/rules.mk
include userlib/rules.mk
include packaging/rules.mk
include tools/util/rules.mk
include tools/vm/rules.mk
include selftests/util/rules.mk
include selftests/semantics/rules.mk
include selftests/load/rules.mk
include selftests/preload/rules.mk
include selftests/costs/rules.mk
include selftests/faults/rules.mk
include selftests/stress/rules.mk
include selftests/ioctlfuzz/rules.mk
include selftests/fuzz/rules.mk
include selftests/vm/rules.mk
include selftests/mutations/rules.mk
include selftests/report/rules.mk
include selftests/scripts/rules.mk
include tools/rules.mk
include tools/bench/rules.mk
include tools/probes/rules.mk
include selftests/probes/rules.mk
include tools/probes/compare/rules.mk
include tools/probes/top/rules.mk
include tools/probes/trace/rules.mk
include selftests/apps/rules.mk
include selftests/models/rules.mk
include selftests/debug/rules.mk
include selftests/coverage/rules.mk
# Last: it checks what the others name.
include selftests/static/rules.mk

# What "make install" puts in place besides the module.
.PHONY: installable
installable: $(USERLIB_INSTALLABLE) $(PROBES_INSTALLABLE)

.PHONY: userland
userland: installable userlib examples selftests demo $(XPOLL_VM) $(XPOLL_REPORT)

# Every target that boots a guest asks for setup first: nothing is built for settings that can't be had.
.PHONY: setup known-accelerator
setup: known-accelerator
	packaging/setup $(if $(APPS),$(APPS_SETUP))
known-accelerator:
	$(if $(filter tcg kvm,$(ACCEL)),,$(error ACCEL=$(ACCEL) is unknown: \
		ACCEL=tcg (emulation, the default) works everywhere, ACCEL=kvm needs /dev/kvm))

# What needs the packages that setup installs is left to a second make.
AFTER_SETUP = +$(MAKE) --no-print-directory --jobs=$(JOBS)

.PHONY: run run-built
run: setup
	$(AFTER_SETUP) run-built
run-built: demo $(XPOLL_VM) build/$(KERNEL)/xpoll.ko
	build/host/xpoll-demo --kernel $(KERNEL) --module build/$(KERNEL)/xpoll.ko -- \
		$(GUEST) --timeout $(CHECK_TIMEOUT)

UNIT_TESTS := $(VM_UNIT) $(REPORT_UNIT) $(USERLIB_UNIT) $(MODEL_UNIT) $(DEBUG_UNIT) $(BENCH_UNIT) $(PROBES_UNIT) \
	$(FAIR_UNIT)
UNIT_ROWS := $(addprefix unit/,$(UNIT_TESTS))
# Far beyond what any of them takes: one that hangs has failed.
UNIT_LIMIT := timeout --kill-after=10 900
$(UNIT_ROWS): unit/%:
	$(SAY) '  TEST    $(*F) begins'
	GTEST_OUTPUT=json:$(CHECK_DIR)/unit/$(*F).json \
		$(XPOLL_REPORT) step --name $(*F) --dir $(CHECK_DIR)/unit -- $(UNIT_LIMIT) $* --gtest_brief=1
	$(SAY) '  TEST    $(*F)'
# A script is one test, which its exit status tells.
SCRIPT_ROWS := $(addprefix script/,$(SCRIPT_TESTS))
$(SCRIPT_ROWS): script/%:
	$(XPOLL_REPORT) step --name $(*F) --dir $(CHECK_DIR)/static -- $(UNIT_LIMIT) $*
$(eval $(call check-target,check-unit,$(UNIT_TESTS),$(UNIT_ROWS) $(SCRIPT_ROWS)))

# The library's unit tests find xpoll only in guests.
SELFTESTS_ROWS := $(KERNELS:%=guest/%)
USERLIB_ROWS := $(if $(TESTS),,$(KERNELS:%=guest/%-userlib))
selftests-row = $(SELFTESTS_BIN) $(if $(TESTS),--gtest_filter='$(TESTS)')
userlib-row = $(USERLIB_UNIT) --gtest_brief=1
$(eval $(call guest-row,,$$(MODULE_GUEST)))
$(eval $(call guest-row,userlib,$$(MODULE_GUEST)))

# The longest come first, so that none of them is left to run alone.
GUEST_ROWS := $(PROBES_ROWS) $(SELFTESTS_ROWS) $(FUZZ_ROWS) $(PRELOAD_ROWS) $(LOAD_ROWS) $(COSTS_ROWS) \
	$(USERLIB_ROWS)
GUEST_PROGRAMS := userland fuzzer loadtests module $(USERLIB_UNIT)
$(eval $(call check-target,check-guest,$(GUEST_PROGRAMS),$(GUEST_ROWS)))
$(eval $(call check-target,check,$(GUEST_PROGRAMS) $(UNIT_TESTS) $(if $(APPS),apptests), \
	$(if $(APPS),$(APPS_ROWS)) $(GUEST_ROWS) $(UNIT_ROWS) $(SCRIPT_ROWS)))

.PHONY: shell shell-built
shell: setup
	$(AFTER_SETUP) shell-built
	$(XPOLL_VM) shell --kernel $(KERNEL) --module build/$(KERNEL)/xpoll.ko --rcfile tools/shell/bashrc $(GUEST)
shell-built: $(XPOLL_VM) build/$(KERNEL)/xpoll.ko staged
# build/root is what "make install" would do to a machine, for the guest's shell.
.PHONY: staged
staged: installable examples
	+$(MAKE) --no-print-directory install-userlib install-probes DESTDIR='$(CURDIR)/build/root' PREFIX=/usr/local
	PATH="$$PATH:/usr/sbin" makewhatis build/root/usr/local/share/man

.PHONY: clean
clean:
	$(RM) -r build

.PHONY: help
help:
	sed -n 's/^#: \{0,1\}//p' Makefile

#: make [all]       module for KERNEL, library, programs and tests, into build/
#: make run         serve TCP connections on xpoll, then on native epoll, in a guest
#: make check       build, unit tests and the tests in guests
#: make lint        static checks: sparse, checkpatch, clang-format, shellcheck, clang-tidy
#: make check-unit, make check-guest
#:                  parts of that. Of check-guest: check-preload (programs on xpoll-run), check-load
#:                  (the module comes and goes), check-fuzz (xpoll and native epoll in lockstep),
#:                  check-probes (the eBPF tools), check-costs (instructions of the costliest calls)
#: make check-apps  redis, nginx, PostgreSQL, Node.js, Java and others on xpoll and on native epoll;
#:                  APPS=1 makes it a part of check
#: make fuzz        as many random steps as you like: STEPS=2000000 SEED=1
#: make model       verify the models of the wake-up and of the last-close protocol with spin
#: make fair        nginx and echo workers: how evenly they share connections on native epoll, with
#:                  SO_REUSEPORT and with each wake policy; text, JSON and a picture
#: make trace       follow packets to the waiter on both with eBPF; text, JSON and a picture
#: make bench       instructions for each call, on select, poll, epoll, io_uring and xpoll, with icount;
#:                  BENCH=REGEX picks, make bench-compare BASE=FILE shows what changed
#: make profile     where the instructions of these calls go, function by function
#: make check-debug run the tests on kernels with KASAN, lockdep, KCSAN, PREEMPT_RT; QUICK=1: on 6.1-debug
#: make mutations   break a line of the module and see which test notices
#: make coverage    lines of the module that the tests reach
#: make check-runner  shows the guest runner a module that misbehaves
#: make shell       a shell in a guest with the module loaded, programs and man pages at hand
#: make module      build/KERNEL/xpoll.ko; KDIR=/lib/modules/$(uname -r)/build: for this machine's kernel
#: make installable programs, library and man pages
#: make install     put these and the module in place, as they are built; make uninstall
#: make setup       install the Debian packages that all this needs (packaging/packages.txt)
#: make clean       remove build/; the kernels stay in ~/.cache/xpoll
#:
#: KERNEL=6.1-amd64 one of 6.1-amd64 6.1-cloud 6.1-rt 6.12-amd64 6.12-cloud 6.12-rt, and of those
#:                  built from source when first used: 6.1-debug 6.12-debug (KASAN, lockdep),
#:                  6.1-kcsan 6.12-kcsan, 6.12-debug-rt
#: KERNELS="..."    several for check and module; all: the six stock ones
#: SMP=2 MEM=1G     the guest's virtual CPUs and memory
#: CHECK_JOBS=N     guests of check that run at once; by default one for each processor, as memory allows
#: PARALLEL=1       virtual CPUs on host threads of their own, for races
#: ACCEL=tcg        or kvm
#: TESTS=PATTERN    only these selftests, as --gtest_filter takes it; APPTESTS=PATTERN of check-apps
#: V=1              show every command
#: KDIR=DIRECTORY   of module: build directory of another kernel, as linux-headers-RELEASE has it
#: KERNEL_RELEASE=$(uname -r)
#:                  of install: the kernel to install the module for
#: DESTDIR= PREFIX=/usr/local
#:
#: Examples:
#:   make run KERNEL=6.12-rt
#:   make check KERNELS="6.1-amd64 6.12-amd64"
#:   make check-guest KERNEL=6.1-debug TESTS='Lifetime*'

endif
