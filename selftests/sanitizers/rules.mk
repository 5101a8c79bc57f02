# SPDX-License-Identifier: GPL-2.0-only
# "make check-sanitizers": the unit tests, and the suites of guests, built with AddressSanitizer and
# UndefinedBehaviorSanitizer. They watch the tests, the tools and the library; "make check-debug" watches the module.

SANITIZED_DIR := build/sanitized
SANITIZED_FLAGS := -O0 -g1 -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize=vptr \
	-fno-sanitize-recover=all

# Programs that xpoll-run starts have no sanitizer, and can't load a library that has one.
SANITIZED_ROWS := $(UNIT_ROWS) $(SELFTESTS_ROWS) $(CALLS_ROWS) $(FUZZ_ROWS) $(LOAD_ROWS) $(USERLIB_ROWS)
SANITIZED_PROGRAMS := $(UNIT_TESTS) $(SELFTESTS_BIN) $(ABI32_BIN) $(WAKE_PROGRAMS) $(FUZZTESTS_BIN) $(LOADTESTS_BIN) \
	$(KERNELS:%=build/%/blocker/blocker.ko) $(KERNELS:%=build/%/xpoll.ko) $(XPOLL_VM)
$(eval $(call check-target,sanitized,$(SANITIZED_PROGRAMS),$(SANITIZED_ROWS)))

# A tree whose files are links to those of this one: all rules work there, with these flags.
.PHONY: check-sanitizers
check-sanitizers: setup
	mkdir -p $(SANITIZED_DIR)
	for file in $(filter-out build,$(wildcard *)); do ln -sfn "$(CURDIR)/$$file" $(SANITIZED_DIR) || exit; done
	+$(MAKE) --no-print-directory -C $(SANITIZED_DIR) CC=clang CFLAGS='$(SANITIZED_FLAGS)' CXXFLAGS='$(SANITIZED_FLAGS)' \
		KERNELS='$(KERNELS)' MEM=2G CHECK_TIMEOUT=1800 sanitized
