# SPDX-License-Identifier: GPL-2.0-only
# xpoll: the module, its library, its tests and the guests they run in. "make help" lists the targets.

SHELL := /bin/bash
# "make -n" runs recipe lines that are marked with "+" or contain the word MAKE, so that recursive makes print their
# commands. Recursive makes that need files which are not built yet, such as the kernel's, use these variables
# instead.
SHORT_FLAGS := $(filter-out --%,$(firstword -$(MAKEFLAGS)))
DRY_RUN := $(findstring n,$(SHORT_FLAGS))
PLUS := $(if $(DRY_RUN),,+)
OTHER_MAKE = $(MAKE) --no-print-directory

ifeq ($(V),)
MAKEFLAGS += --silent
endif
# The source of the version for the module, the library, the packages and "--version" of the programs.
XPOLL_VERSION := $(file <VERSION)
GOALS := $(or $(MAKECMDGOALS),all)

# A path passes through make, kbuild and shells, and no quoting works in all of them.
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

# Only one make runs in a tree: the first one passes its goals to another make under a lock. A shell in a guest stays
# open for hours, so only its build is locked.
UNLOCKED := help shell rotated-kernel
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

STOCK_KERNELS := 6.1-amd64 6.1-cloud 6.1-rt 6.12-amd64 6.12-cloud 6.12-rt 13-amd64 13-cloud 13-rt 7-amd64 7-rt sid-amd64

ARM64_KERNELS := arm64-6.12 arm64-13 arm64-7

# What CI tests besides 6.1-amd64 and 6.12-amd64: one each day, in turn.
ROTATED_KERNELS := $(filter-out 6.1-amd64 6.12-amd64,$(STOCK_KERNELS))

DEBUG_KERNELS := 6.1-debug 6.1-kcsan 6.1-kmsan 6.12-debug 6.12-debug-rt 6.12-kcsan

# The processor of the guest and of its programs; amd64 stands for the host's.
# The variable of the environment is the kernel's, for which x86-64 has other names.
ifneq ($(origin ARCH),command line)
ARCH := $(if $(filter arm64-%,$(KERNEL) $(KERNELS)),arm64,amd64)
endif
ifeq ($(filter amd64 arm64,$(ARCH)),)
$(error ARCH=$(ARCH) is unknown: there are amd64 and arm64)
endif
ARCH_KERNELS := $(if $(filter arm64,$(ARCH)),$(ARM64_KERNELS),$(STOCK_KERNELS))
KERNEL ?= $(firstword $(ARCH_KERNELS))
KERNELS ?= $(KERNEL)
ifeq ($(KERNELS),all)
override KERNELS := $(ARCH_KERNELS)
endif
ifneq ($(if $(filter arm64,$(ARCH)),$(filter-out arm64-%,$(KERNEL) $(KERNELS)),$(filter arm64-%,$(KERNEL) $(KERNELS))),)
$(error one make builds programs for one architecture, $(ARCH), and these are not all kernels of it: $(sort $(KERNEL) $(KERNELS)))
endif
UNKNOWN_KERNELS := $(sort $(filter-out $(STOCK_KERNELS) $(ARM64_KERNELS) $(DEBUG_KERNELS),$(KERNEL) $(KERNELS)))
# Goals that involve no kernel work with any value.
ifneq ($(and $(UNKNOWN_KERNELS),$(filter-out help setup clean rotated-kernel,$(GOALS))),)
$(error no such kernel: $(UNKNOWN_KERNELS); there are $(STOCK_KERNELS) $(ARM64_KERNELS) $(DEBUG_KERNELS))
endif
SMP ?= 2
MEM ?= 1G
ACCEL ?= tcg
CHECK_TIMEOUT ?= 900
JOBS ?= $(shell nproc)

# Prints a line per file, so that a long build shows progress. On a terminal it replaces the moving line (see
# packaging/progress).
SAY := printf '$(if $(MAKE_TERMOUT),\r\033[K)%s\n'
.DELETE_ON_ERROR:
.SUFFIXES:

# Where the programs that run in guests are built. The runner and what else runs here only is in build/host.
BUILD := build/$(if $(filter arm64,$(ARCH)),arm64,host)

XPOLL_VM := build/host/xpoll-vm
GUEST := --smp $(SMP) --mem $(MEM) --accel $(ACCEL) $(if $(PARALLEL),--parallel)
# For rules of a row of kernel %.
MODULE_GUEST = --module build/$*/xpoll.ko $(GUEST)

.PHONY: all
all: userland module

CHECK_DIR := build/check

# The results of test programs and guests go below CHECK_DIR. Each is a row of the summary.
# $(call guest-run,ROW,KERNEL,OPTIONS,SECONDS,COMMAND): the guest's result is in its vm.json, so a failed row does not
# stop the others.
guest-run = out=$(CHECK_DIR)/kernels/$(1); mkdir -p $$out; \
	$(XPOLL_VM) run --kernel $(2) $(3) --timeout $(4) --out $$out --json $$out/vm.json --log $$out/kernel.log -- \
		$(5) 2>&1 | $(if $(V),tee,selftests/report/follow $(1)) $$out/output.log; \
	$(XPOLL_REPORT) row --dir $(CHECK_DIR) $(1)

# $(eval $(call guest-row,NAME,OPTIONS)): the rule for the rows guest/KERNEL-NAME, or guest/KERNEL without a name. It
# runs the command $(NAME-row) in a guest with these options; both find the kernel in $$*. The time limit is
# NAME-seconds, by default CHECK_TIMEOUT. The command gets the option that makes GoogleTest write its results.
define guest-row
$(KERNELS:%=guest/%$(addprefix -,$(1))): guest/%$(addprefix -,$(1)):
	$$(call guest-run,$$(@F),$$*,$(2),$$(or $$($(or $(1),selftests)-seconds),$$(CHECK_TIMEOUT)),$$($(or $(1),selftests)-row) \
		--gtest_output=json:/out/tests.json)
endef

# Number of concurrent guests: one per processor, and each needs 1.5 times its own memory.
CHECK_JOBS ?= $(shell awk -v guest=$$(numfmt --from=iec $(MEM)) -v cpus=$(if $(PARALLEL),1,$$(nproc)) \
	'/^MemAvailable/ { n = int($$2 * 1024 / guest / 1.5); print (n < 1 ? 1 : n > cpus ? cpus : n) }' /proc/meminfo)

# $(call part,DIRECTORY,NAME,STEPS) before a command: shows its progress and records its time.
part = $(if $(DRY_RUN),,selftests/report/part $(1)/parts $(2) selftests/report/watch $(2) $(3))
# The number of steps in a make of these targets.
count-steps = "$$($(MAKE) --dry-run $(1) 2>/dev/null | grep -c '"  [A-Z]')"

# $(call check-target,NAME,PROGRAMS,ROWS): builds the programs, runs the rows concurrently, and prints a summary. The
# rows are targets: unit/PROGRAM and guest/ROW.
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

include tools/util/arch.mk
include tools/util/cxx.mk
include tools/util/bpf.mk
include module/rules.mk
include userlib/rules.mk
include bindings/python/rules.mk
include packaging/rules.mk
include tools/util/rules.mk
include selftests/util/rules.mk
include selftests/semantics/rules.mk
include selftests/load/rules.mk
include selftests/preload/rules.mk
include selftests/stress/rules.mk
include selftests/ioctlfuzz/rules.mk
include selftests/attack/rules.mk
include selftests/fuzz/rules.mk
include tools/rules.mk
include tools/probes/rules.mk
include tools/probes/compare/rules.mk
include tools/probes/top/rules.mk
include selftests/probes/rules.mk
ifeq ($(ARCH),amd64)
include tools/vm/rules.mk
include selftests/costs/rules.mk
include selftests/bounds/rules.mk
include selftests/mitigations/rules.mk
include selftests/busypoll/rules.mk
include selftests/faults/rules.mk
include selftests/vm/rules.mk
include selftests/mutations/rules.mk
include selftests/report/rules.mk
include selftests/scripts/rules.mk
include selftests/packages/rules.mk
include selftests/python/rules.mk
include tools/probes/trace/rules.mk
include selftests/apps/rules.mk
include tools/bench/rules.mk
include selftests/models/rules.mk
include selftests/litmus/rules.mk
include selftests/debug/rules.mk
include selftests/coverage/rules.mk
# Included last, because it checks files that the others name.
include selftests/static/rules.mk
else
include tools/cross.mk
endif

# The files that "make install" installs besides the module.
.PHONY: installable
installable: $(USERLIB_INSTALLABLE) $(PROBES_INSTALLABLE)

.PHONY: userland
userland: installable userlib python examples selftests demo $(XPOLL_VM) $(XPOLL_REPORT)

# Every target that boots a guest depends on setup first: nothing is built with invalid settings.
.PHONY: setup known-accelerator
setup: known-accelerator
	packaging/setup $(if $(APPS),$(APPS_SETUP)) $(CROSS_SETUP)
known-accelerator:
	$(if $(filter tcg kvm,$(ACCEL)),,$(error ACCEL=$(ACCEL) is unknown: \
		ACCEL=tcg (emulation, the default) works everywhere, ACCEL=kvm needs /dev/kvm))

# A second make builds everything that needs the packages installed by setup.
AFTER_SETUP = +$(MAKE) --no-print-directory --jobs=$(JOBS)

.PHONY: run run-built
run: setup
	$(AFTER_SETUP) run-built
run-built: demo $(XPOLL_VM) build/$(KERNEL)/xpoll.ko
	build/host/xpoll-demo --kernel $(KERNEL) --guest-programs $(BUILD) --module build/$(KERNEL)/xpoll.ko -- \
		$(GUEST) --timeout $(CHECK_TIMEOUT)

# They run here, so they are none of another architecture.
UNIT_TESTS := $(if $(filter amd64,$(ARCH)),$(VM_UNIT) $(REPORT_UNIT) $(USERLIB_UNIT) $(MODEL_UNIT) $(DEBUG_UNIT) $(ATTACK_UNIT) $(BENCH_UNIT) $(PROBES_UNIT) \
	$(FAIR_UNIT))
UNIT_ROWS := $(addprefix unit/,$(UNIT_TESTS))
# Far longer than any of them takes. One that hangs fails.
UNIT_LIMIT := timeout --kill-after=10 900
$(UNIT_ROWS): unit/%:
	$(SAY) '  TEST    $(*F) begins'
	GTEST_OUTPUT=json:$(CHECK_DIR)/unit/$(*F).json \
		$(XPOLL_REPORT) step --name $(*F) --dir $(CHECK_DIR)/unit -- $(UNIT_LIMIT) $* --gtest_brief=1
	$(SAY) '  TEST    $(*F)'
# A script is one test. Its exit status is the result.
SCRIPT_ROWS := $(addprefix script/,$(SCRIPT_TESTS))
$(SCRIPT_ROWS): script/%:
	$(XPOLL_REPORT) step --name $(*F) --dir $(CHECK_DIR)/static -- $(UNIT_LIMIT) $*
$(eval $(call check-target,check-unit,userland $(UNIT_TESTS),$(UNIT_ROWS) $(SCRIPT_ROWS)))

# The library's unit tests find xpoll only in guests.
SELFTESTS_ROWS := $(KERNELS:%=guest/%)
USERLIB_ROWS := $(if $(TESTS),,$(KERNELS:%=guest/%-userlib))
selftests-row = $(SELFTESTS_BIN) $(if $(TESTS),--gtest_filter='$(TESTS)')
userlib-row = env XPOLL_NEEDED=1 $(USERLIB_UNIT) --gtest_brief=1
# The tests of xpoll through the library run again through epoll's own system calls.
CALLS_ROWS := $(if $(TESTS),,$(KERNELS:%=guest/%-calls))
calls-row = $(SELFTESTS_BIN) --epoll-calls --gtest_filter='*/xpoll*'
$(eval $(call guest-row,,$$(MODULE_GUEST)))
$(eval $(call guest-row,calls,$$(MODULE_GUEST)))
$(eval $(call guest-row,userlib,$$(MODULE_GUEST)))

# The longest come first, so that none of them runs alone at the end.
GUEST_ROWS := $(PROBES_ROWS) $(SELFTESTS_ROWS) $(CALLS_ROWS) $(FUZZ_ROWS) $(PRELOAD_ROWS) $(LOAD_ROWS) \
	$(COSTS_ROWS) $(PYTHON_ROWS) $(USERLIB_ROWS)
GUEST_PROGRAMS := userland fuzzer loadtests module $(USERLIB_UNIT)
$(eval $(call check-target,check-guest,$(GUEST_PROGRAMS),$(GUEST_ROWS)))
$(eval $(call check-target,check,$(GUEST_PROGRAMS) $(UNIT_TESTS) $(if $(APPS),apptests), \
	$(if $(APPS),$(APPS_ROWS)) $(GUEST_ROWS) $(UNIT_ROWS) $(SCRIPT_ROWS)))
ifeq ($(ARCH),amd64)
include selftests/sanitizers/rules.mk
endif

.PHONY: shell shell-built
shell: setup
	$(AFTER_SETUP) shell-built
	$(XPOLL_VM) shell --kernel $(KERNEL) --module build/$(KERNEL)/xpoll.ko --rcfile tools/shell/bashrc $(GUEST)
shell-built: $(XPOLL_VM) build/$(KERNEL)/xpoll.ko staged
# build/root, or build/root-arm64, has the files that "make install" would install, for the guest's shell.
STAGE := build/root$(if $(filter arm64,$(ARCH)),-arm64)
.PHONY: staged
staged: installable examples
	+$(MAKE) --no-print-directory install-userlib install-probes \
		DESTDIR='$(CURDIR)/$(STAGE)' PREFIX=/usr/local
	PATH="$$PATH:/usr/sbin" makewhatis $(STAGE)/usr/local/share/man

.PHONY: rotated-kernel
rotated-kernel:
	@set -- $(ROTATED_KERNELS); shift $$(($$(date +%s) / 86400 % $$#)); echo "$$1"

.PHONY: clean
clean:
	$(RM) -r build

.PHONY: help
help:
	sed -n 's/^#: \{0,1\}//p' Makefile

#: make [all]       module for KERNEL, library, programs and tests, into build/
#: make run         serve TCP connections on xpoll, then on native epoll, in a guest
#: make check       build, unit tests and the tests in guests
#: make lint        static checks: sparse, checkpatch, coccicheck, clang-format, shellcheck, clang-tidy
#: make check-unit, make check-guest
#:                  parts of check. Parts of check-guest: check-preload (programs on xpoll-run), check-load
#:                  (loading and unloading), check-fuzz (xpoll and native epoll in lockstep),
#:                  check-probes (the eBPF tools), check-costs (instructions of the costliest calls)
#: make check-sanitizers
#:                  unit tests and suites of check with AddressSanitizer and UndefinedBehaviorSanitizer
#: make check-tsan  the library's unit tests with ThreadSanitizer
#: make check-python  the Python package, and CPython's own tests of epoll, selectors and asyncio with it
#: make check-apps  redis, nginx, PostgreSQL, Node.js, Java and others on xpoll and on native epoll;
#:                  APPS=1 makes it a part of check
#: make fuzz        random steps on both implementations: STEPS=2000000 SEED=1; CALLS=1 by epoll's own calls
#: make model       verify the models of the wake-up and of the last-close protocol with spin
#: make litmus      the module's pairs of barriers under the kernel's memory model, with herd7 of sid
#: make fair        nginx and echo workers: how evenly they share connections on native epoll, with
#:                  SO_REUSEPORT and with each wake policy; text, JSON and a picture
#: make trace       follow packets to the waiter on both with eBPF; text, JSON and a picture
#: make bench       instructions for each call, on select, poll, epoll, io_uring and xpoll, with icount;
#:                  BENCH=REGEX picks, make bench-compare BASE=FILE shows what changed;
#:                  make bench-servers: instructions for each request to redis and nginx
#: make attack      processes without privilege against a service, on native epoll and on xpoll in turn: MINUTES=60
#: make bounds      how the work of each call grows with what it may have to go through, and how long others wait
#:                  for the processor, beside native epoll; BOUNDS=REGEX picks
#: make check-mitigations
#:                  the hooks on kernels that work round processor faults in calls and returns
#: make busypoll    packets that busy polling finds without a sleep, and interrupts, over virtio-net, on both
#: make profile     where the instructions of these calls go, function by function
#: make contention  cache lines that processors take from each other, for each event; SMP=4 processors
#: make check-debug run the tests on kernels with KASAN, lockdep, KCSAN, PREEMPT_RT; QUICK=1: on 6.1-debug
#: make mutations   break one line of the module at a time and check that a test notices
#: make coverage    lines of the module that the tests reach
#: make check-runner  test the guest runner with a module that misbehaves
#: make shell       a shell in a guest with the module loaded, programs and man pages at hand
#: make module      build/KERNEL/xpoll.ko; KDIR=/lib/modules/$(uname -r)/build: for this machine's kernel
#: make installable programs, library and man pages
#: make python      the Python package, in build/host/python; make install-python installs it
#: make install     install these and the module as built; make uninstall removes them
#: make deb         Debian packages in build/deb/SUITE; SUITE=bookworm or trixie
#: make check-packages
#:                  build these twice, look at them with lintian, install, upgrade and purge them in guests
#: make check-abi   compare the library's ABI with that of the last release
#: make setup       install the Debian packages that all this needs (packaging/packages.txt)
#: make clean       remove build/; the kernels stay in ~/.cache/xpoll
#:
#: KERNEL=6.1-amd64 one of 6.1-amd64 6.1-cloud 6.1-rt 6.12-amd64 6.12-cloud 6.12-rt; of Debian 13 13-amd64
#:                  13-cloud 13-rt, of its backports 7-amd64 7-rt, of sid sid-amd64; and of those
#:                  built from source when first used: 6.1-debug 6.12-debug (KASAN, lockdep),
#:                  6.1-kcsan 6.12-kcsan, 6.12-debug-rt
#:                  for arm64 arm64-6.12, arm64-13 (Debian 13's) and arm64-7 (its backports')
#: KERNELS="..."    several for check and module; all: the twelve stock ones
#: ARCH=arm64       kernels and programs for arm64, by default those of arm64-6.12
#: SMP=2 MEM=1G     the guest's virtual CPUs and memory
#: CHECK_JOBS=N     concurrent guests of check; by default one per processor, if memory suffices
#: PARALLEL=1       run each virtual CPU on its own host thread, for races
#: ACCEL=tcg        or kvm
#: TESTS=PATTERN    only these selftests, in the syntax of --gtest_filter; APPTESTS=PATTERN for check-apps
#: V=1              show every command
#: KDIR=DIRECTORY   for module: build directory of another kernel, such as that of linux-headers-RELEASE
#: KERNEL_RELEASE=$(uname -r)
#:                  for install: the kernel to install the module for
#: DESTDIR= PREFIX=/usr/local
#:
#: Examples:
#:   make run KERNEL=6.12-rt
#:   make check ARCH=arm64
#:   make check KERNELS="6.1-amd64 6.12-amd64"
#:   make check-guest KERNEL=6.1-debug TESTS='Lifetime*'

endif
