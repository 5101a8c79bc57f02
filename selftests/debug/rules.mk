# SPDX-License-Identifier: GPL-2.0-only
# "make check-debug": test suites on kernels with debugging options.

DEBUG_DIR := build/debug
DEBUG_TABLE := build/host/xpoll-debug-table
DEBUG_UNIT := build/host/debug-unit
DEBUG_UTIL_OBJ := $(addprefix build/host/obj/,selftests/report/counts.o selftests/report/gtest_results.o \
	tools/vm/kernel_log.o) $(TOOLS_UTIL)

$(eval $(call tested-program,$(DEBUG_TABLE),$(DEBUG_UNIT),selftests/debug,$$(REPORT_CXXFLAGS),$(DEBUG_UTIL_OBJ),-lfmt))

# The suites: program and arguments on kernel $(1), and options of the guest. Races need parallel processors. Suites
# that load and unload the module must not have them, because emulation fails when the kernel patches its text in
# parallel.
DEBUG_GTEST := --gtest_output=json:/out/tests.json
DEBUG_ROUNDS := env XPOLL_STRESS=$(if $(QUICK),0.3,1)
# "make check" covers native epoll.
DEBUG_XPOLL_ONLY := -*/native*:*_native*
# These tests take long on debug kernels and reach no further code of the module: a debug kernel lacks most foreign
# descriptor types, which the module never sees, and takes a minute to verify the loop of each BPF example. With
# QUICK, only the stress suite runs the races.
DEBUG_SELFTESTS_FILTER := $(DEBUG_XPOLL_ONLY):ForeignDescriptor*:*ExampleTest*$(if $(QUICK),:Race*)
# On a busy host an emulated processor may stall for longer than the kernel's watchdogs allow.
DEBUG_PATIENCE := --append watchdog_thresh=60 --append rcupdate.rcu_cpu_stall_timeout=300
DEBUG_GUEST := --smp 2 --mem 2G $(DEBUG_PATIENCE)
DEBUG_RACE_GUEST := --smp 4 --mem 2G --parallel $(DEBUG_PATIENCE)
# If the host has fewer processors, parallel emulated ones seldom run at the same moment. A KCSAN delay must exceed
# the time for which the other processors are stalled, and may then be set on fewer accesses.
debug-kcsan = $(if $(filter %-kcsan,$(1)),--append kcsan.udelay_task=20000 --append kcsan.skip_watch=4000)
debug-module = --module build/$(1)/xpoll.ko

# The longest suite, in two halves, because such a guest uses only one processor of the host.
debug-half = $(DEBUG_ROUNDS) GTEST_TOTAL_SHARDS=2 GTEST_SHARD_INDEX=$(1) $(SELFTESTS_BIN) $(DEBUG_GTEST) --gtest_filter='$(DEBUG_SELFTESTS_FILTER)'
debug-guest-selftests-1 = $(DEBUG_GUEST) $(debug-module)
debug-guest-selftests-2 = $(debug-guest-selftests-1)
debug-run-selftests-1 = $(call debug-half,0)
debug-run-selftests-2 = $(call debug-half,1)

# The tests of xpoll through the library again, by epoll's own system calls.
debug-guest-calls = $(DEBUG_GUEST) $(debug-module)
debug-run-calls = $(DEBUG_ROUNDS) $(SELFTESTS_BIN) --epoll-calls $(DEBUG_GTEST) --gtest_filter='*/xpoll*$(DEBUG_SELFTESTS_FILTER)'

debug-guest-parallel = $(DEBUG_RACE_GUEST) $(debug-kcsan) $(debug-module)
debug-run-parallel = $(SELFTESTS_BIN) $(DEBUG_GTEST) --gtest_filter='$(DEBUG_SELFTESTS_FILTER)'

debug-guest-load = $(DEBUG_GUEST)
debug-run-load = $(LOADTESTS_BIN) $(DEBUG_GTEST) --xpoll build/$(1)/xpoll.ko \
	--blocker build/$(1)/blocker/blocker.ko

debug-guest-cycles = $(DEBUG_GUEST)
debug-run-cycles = env XPOLL_STRESS=25 $(LOADTESTS_BIN) $(DEBUG_GTEST) --gtest_filter='CycleTest.ManyTimes*:EpollCallsLoadTest.LoadsAndUnloads*' \
	--xpoll build/$(1)/xpoll.ko --blocker build/$(1)/blocker/blocker.ko

debug-guest-faults = $(DEBUG_GUEST) $(debug-module)
# Native epoll and the driver core, which creates wakeup sources, have the most places where a call can fail.
debug-run-faults = $(FAULTS_BIN) $(DEBUG_GTEST) --gtest_filter='-LoadFault*$(if $(QUICK),:NativeFault*:*akeup)'

debug-guest-load-faults = $(DEBUG_GUEST)
debug-run-load-faults = $(FAULTS_BIN) $(DEBUG_GTEST) --xpoll build/$(1)/xpoll.ko --gtest_filter='LoadFault*'

# The module that the ioctl fuzzer learns from. The kernels with KMSAN have no KCOV.
debug-covered = $(filter-out %-kmsan,$(1))
debug-guest-ioctls = --smp 4 --mem 2G $(DEBUG_PATIENCE) --module build/$(1)/$(if $(debug-covered),kcov/)xpoll.ko
debug-run-ioctls = $(IOCTLFUZZ_BIN) $(if $(debug-covered),--coverage) --steps $(DEBUG_FUZZ_STEPS) --json /out/fuzz.json

# Half of the time is native epoll's, whose figures are the measure.
DEBUG_ATTACK_MINUTES ?= 10
debug-guest-attack = --smp 2 --mem 2G --parallel $(DEBUG_PATIENCE) $(debug-module)
# Slices that are so short that each act has one of its own.
debug-run-attack = $(ATTACK_BIN) --minutes $(DEBUG_ATTACK_MINUTES) --slice 8 --json /out/fuzz.json

debug-guest-stress = $(DEBUG_RACE_GUEST) $(debug-kcsan) $(debug-module)
debug-run-stress = $(DEBUG_ROUNDS) $(STRESS_BIN) $(DEBUG_GTEST) --gtest_filter='$(DEBUG_XPOLL_ONLY)'

debug-guest-fuzz = $(FUZZ_PROCESSOR) --mem 2G $(DEBUG_PATIENCE) $(debug-module)
debug-run-fuzz = $(FUZZ_NO_DELAY) $(XPOLL_FUZZ) --steps $(DEBUG_FUZZ_STEPS) --json /out/fuzz.json

DEBUG_PROGRAM_OF_selftests-1 := $(SELFTESTS_BIN)
DEBUG_PROGRAM_OF_selftests-2 := $(SELFTESTS_BIN)
DEBUG_PROGRAM_OF_calls := $(SELFTESTS_BIN)
DEBUG_PROGRAM_OF_parallel := $(SELFTESTS_BIN)
DEBUG_PROGRAM_OF_load := $(LOADTESTS_BIN)
DEBUG_PROGRAM_OF_cycles := $(LOADTESTS_BIN)
DEBUG_PROGRAM_OF_faults := $(FAULTS_BIN)
DEBUG_PROGRAM_OF_load-faults := $(FAULTS_BIN)
DEBUG_PROGRAM_OF_ioctls := $(IOCTLFUZZ_BIN)
DEBUG_PROGRAM_OF_attack := $(ATTACK_BIN)
DEBUG_PROGRAM_OF_stress := $(STRESS_BIN)
DEBUG_PROGRAM_OF_fuzz := $(XPOLL_FUZZ)

DEBUG_SELFTESTS := selftests-1 selftests-2
# The suites for each profile, longest first, since they run in parallel. QUICK=1 is for CI: one kernel, fewer rounds
# and steps, and no suites that reload the module.
DEBUG_SUITES_debug := $(DEBUG_SELFTESTS) $(if $(QUICK),,calls load attack) stress $(if $(QUICK),,load-faults) faults ioctls fuzz
DEBUG_SUITES_debug-rt := $(DEBUG_SELFTESTS) calls load stress
DEBUG_SUITES_kcsan := cycles parallel calls stress
# It is compiled by clang, so epoll's own calls don't take instances.
DEBUG_SUITES_kmsan := $(DEBUG_SELFTESTS) stress ioctls fuzz
ifeq ($(QUICK),)
DEBUG_RUN_KERNELS ?= 6.1-debug 6.12-debug 6.12-debug-rt 6.1-kcsan
DEBUG_FUZZ_STEPS ?= 50000
else
DEBUG_RUN_KERNELS ?= 6.1-debug
DEBUG_FUZZ_STEPS ?= 5000
endif

# KERNEL/SUITE, a row of the table each.
debug-profile = $(patsubst 6.12-%,%,$(patsubst 6.1-%,%,$(1)))
$(foreach kernel,$(DEBUG_RUN_KERNELS),$(if $(DEBUG_SUITES_$(call debug-profile,$(kernel))),, \
	$(error make check-debug has no suites for $(kernel))))
DEBUG_RUNS ?= $(foreach kernel,$(DEBUG_RUN_KERNELS),$(addprefix $(kernel)/,$(DEBUG_SUITES_$(call debug-profile,$(kernel)))))
DEBUG_TIMEOUT ?= 1800
# Number of concurrent guests.
DEBUG_JOBS ?= 2

.PHONY: check-debug check-debug-built
check-debug: setup
	$(AFTER_SETUP) check-debug-built
check-debug-built: $(DEBUG_TABLE) $(XPOLL_VM) $(ABI32_BIN) \
		$(sort $(foreach run,$(DEBUG_RUNS),$(DEBUG_PROGRAM_OF_$(notdir $(run))))) \
		$(foreach kernel,$(sort $(patsubst %/,%,$(dir $(DEBUG_RUNS)))),build/$(kernel)/xpoll.ko) \
		$(patsubst %/ioctls,build/%/kcov/xpoll.ko,$(filter-out %-kmsan/ioctls,$(filter %/ioctls,$(DEBUG_RUNS)))) \
		$(patsubst %,build/%/blocker/blocker.ko,$(patsubst %/,%,$(dir $(filter %/load %/cycles,$(DEBUG_RUNS)))))
	$(RM) -r $(DEBUG_DIR)
	+$(MAKE) --no-print-directory --jobs=$(DEBUG_JOBS) $(DEBUG_RUNS:%=debug-run/%)
	$(DEBUG_TABLE) --dir $(DEBUG_DIR) $(DEBUG_RUNS)

# The result of a run is in its directory, so a failed run does not stop the others.
.PHONY: $(DEBUG_RUNS:%=debug-run/%)
$(DEBUG_RUNS:%=debug-run/%): debug-run/%:
	mkdir -p $(DEBUG_DIR)/$*
	$(XPOLL_VM) run --kernel $(*D) --accel $(ACCEL) $(call debug-guest-$(*F),$(*D)) --timeout $(DEBUG_TIMEOUT) \
		--out $(DEBUG_DIR)/$* --json $(DEBUG_DIR)/$*/vm.json --log $(DEBUG_DIR)/$*/kernel.log -- \
		$(call debug-run-$(*F),$(*D)) 2>&1 | tee $(DEBUG_DIR)/$*/output.log | sed --unbuffered 's|^|$*: |'
