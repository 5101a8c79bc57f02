# SPDX-License-Identifier: GPL-2.0-only
# build/host/xpoll-fuzz, which compares xpoll with native epoll, and its tests.

FUZZ_DIR := selftests/fuzz
XPOLL_FUZZ := $(BUILD)/xpoll-fuzz
FUZZTESTS_BIN := $(BUILD)/xpoll-fuzztests
FUZZ_LIB_SRC := $(sort $(filter-out %/main.cc %/test_main.cc %_test.cc,$(wildcard $(FUZZ_DIR)/*.cc)))
FUZZ_LIB_OBJ := $(FUZZ_LIB_SRC:%.cc=$(BUILD)/obj/%.o)
FUZZ_TEST_SRC := $(sort $(FUZZ_DIR)/test_main.cc $(wildcard $(FUZZ_DIR)/*_test.cc))
FUZZ_TEST_OBJ := $(FUZZ_TEST_SRC:%.cc=$(BUILD)/obj/%.o)
FUZZ_OBJ := $(FUZZ_LIB_OBJ) $(FUZZ_TEST_OBJ) $(BUILD)/obj/$(FUZZ_DIR)/main.o

.PHONY: fuzzer
fuzzer: $(XPOLL_FUZZ) $(FUZZTESTS_BIN)

$(eval $(call host-objects,$(FUZZ_OBJ),$$(SELFTESTS_CXXFLAGS)))

$(eval $(call cxx-program,$(XPOLL_FUZZ),$(BUILD)/obj/$(FUZZ_DIR)/main.o $(FUZZ_LIB_OBJ) \
	$(SELFTESTS_LIBS),$$(SELFTESTS_LDLIBS)))

$(eval $(call cxx-program,$(FUZZTESTS_BIN),$(FUZZ_TEST_OBJ) $(FUZZ_LIB_OBJ) $(SELFTESTS_LIBS),\
	$$(SELFTESTS_LDLIBS)))

# Rows of "make check": the fuzzer's tests, the last of which takes CHECK_FUZZ_STEPS steps.
SEED ?= 1
STEPS ?= 2000000
CHECK_FUZZ_STEPS ?= 100000
FUZZ_TIMEOUT ?= 14400
FUZZ_ROWS := $(if $(TESTS),,$(KERNELS:%=guest/%-fuzz) $(KERNELS:%=guest/%-fuzz-calls))
FUZZ_OUT := build/fuzz

# One processor, which keeps packets and wake-ups in one order, and a clock that counts instructions. If the host paused
# the guest, the kernel would leave the packets of a step to ksoftirqd, in one of the two worlds only.
FUZZ_PROCESSOR := $(if $(filter kvm,$(ACCEL)),--smp 1,--icount)
FUZZ_GUEST := $(FUZZ_PROCESSOR) --mem $(MEM) --accel $(ACCEL)

# The receiver's reaction to an acknowledgment must not wait for a timer, which might expire between the two worlds'
# steps.
FUZZ_NO_DELAY := sh -c 'ip route replace table local local 127.0.0.1 dev lo src 127.0.0.1 quickack 1 && exec "$$@"' sh

fuzz-row = $(FUZZ_NO_DELAY) $(FUZZTESTS_BIN) --seed $(SEED) --steps $(CHECK_FUZZ_STEPS) --fuzz-json /out/fuzz.json
fuzz-calls-row = $(fuzz-row) --epoll-calls
$(eval $(call guest-row,fuzz,--module build/$$*/xpoll.ko $$(FUZZ_GUEST)))
$(eval $(call guest-row,fuzz-calls,--module build/$$*/xpoll.ko $$(FUZZ_GUEST)))
$(eval $(call check-target,check-fuzz,fuzzer module $(XPOLL_VM),$(FUZZ_ROWS)))

# Runs as many steps as requested and stops at the first difference.
.PHONY: fuzz fuzz-built
fuzz: setup
	$(AFTER_SETUP) fuzz-built
fuzz-built: fuzzer module $(XPOLL_VM)
	set -e -o pipefail; for kernel in $(KERNELS); do \
		out=$(FUZZ_OUT)/$$kernel; mkdir -p $$out; \
		$(XPOLL_VM) run --kernel $$kernel --module build/$$kernel/xpoll.ko $(FUZZ_GUEST) --timeout $(FUZZ_TIMEOUT) \
			--out $$out --json $$out/vm.json --log $$out/kernel.log -- $(FUZZ_NO_DELAY) \
			$(XPOLL_FUZZ) $(if $(CALLS),--epoll-calls) --progress --seed $(SEED) --steps $(STEPS) --json /out/fuzz.json | tee $$out/fuzz.log; \
	done
