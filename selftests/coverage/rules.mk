# SPDX-License-Identifier: GPL-2.0-only
# "make coverage": which lines and branches of module/ the tests reach.

# A kernel with GCOV_KERNEL. It may have KCSAN too, but this module is only built for gcov.
COVERAGE_KERNEL ?= 6.1-kcsan
COVERAGE_DIR := build/coverage
COVERAGE_MODULE := $(COVERAGE_DIR)/module/xpoll.ko
COVERAGE_BLOCKER := build/$(COVERAGE_KERNEL)/blocker/blocker.ko
COVERAGE_TIMEOUT ?= 3600

$(COVERAGE_MODULE): $(MODULE_SRC) build/$(COVERAGE_KERNEL)/kernel-build
	$(RM) -r $(@D)
	mkdir -p $(@D)
	cp --parents $(MODULE_SRC) $(@D)
	$(PLUS)packaging/progress "building $@" $(COVERAGE_DIR)/build.log $(OTHER_MAKE) \
		-C "$$(cat build/$(COVERAGE_KERNEL)/kernel-build)" M=$(CURDIR)/$(@D) \
		GCOV_PROFILE=y KCSAN_SANITIZE=n modules

# Programs that load the module themselves, the last one with a failure at each place where loading can fail; and
# programs that need it loaded.
COVERAGE_UNLOADED := \
	'$(LOADTESTS_BIN) --xpoll $(COVERAGE_MODULE) --blocker $(COVERAGE_BLOCKER)' \
	'XPOLL_STRESS=2 $(FAULTS_BIN) --xpoll $(COVERAGE_MODULE) --gtest_filter=LoadFault*'
COVERAGE_LOADED := \
	$(foreach program,$(SELFTESTS_BIN) $(STRESS_BIN),'$(program) --gtest_filter=-*/native*:*_native*') \
	'$(FAULTS_BIN)' '$(IOCTLFUZZ_BIN) --steps 20000'
COVERAGE_PROGRAMS := $(SELFTESTS_BIN) $(LOADTESTS_BIN) $(FAULTS_BIN) $(STRESS_BIN) $(IOCTLFUZZ_BIN)

.PHONY: coverage coverage-built
coverage: setup
	$(AFTER_SETUP) coverage-built
coverage-built: $(COVERAGE_PROGRAMS) $(ABI32_BIN) $(XPOLL_VM) $(COVERAGE_MODULE) $(COVERAGE_BLOCKER)
	$(RM) -r $(COVERAGE_DIR)/out
	status=0; \
	$(XPOLL_VM) run --kernel $(COVERAGE_KERNEL) --accel $(ACCEL) --smp 2 --mem 2G --append gcov_persist=1 \
		--timeout $(COVERAGE_TIMEOUT) --out $(COVERAGE_DIR)/out --log $(COVERAGE_DIR)/kernel.log -- \
		selftests/coverage/guest $(COVERAGE_MODULE) $(COVERAGE_UNLOADED) -- $(COVERAGE_LOADED) || status=$$?; \
	selftests/coverage/report $(COVERAGE_DIR)/module $(COVERAGE_DIR)/out/gcov $(COVERAGE_DIR) || status=$$?; \
	exit $$status
