# SPDX-License-Identifier: GPL-2.0-only
# "make check-sanitizers" and "make check-tsan": tests that are built with sanitizers. These watch the tests, the tools
# and the library; "make check-debug" watches the module.

# $(call sanitized,DIRECTORY,FLAGS,GOAL): makes a goal in a tree whose files are links to those of this one, so that all
# rules work there, with these flags. They are in the environment, because make would pass an argument on to kbuild.
sanitized = mkdir -p $(1); \
	for file in $(filter-out build,$(wildcard .ci *)); do ln -sfn "$(CURDIR)/$$file" $(1) || exit; done; \
	CC=clang CFLAGS='$(2)' CXXFLAGS='$(2)' $(OTHER_MAKE) -C $(1) KERNELS='$(KERNELS)' MEM=2G CHECK_TIMEOUT=1800 $(3)

.PHONY: check-sanitizers check-tsan
check-sanitizers: setup
	$(PLUS)$(call sanitized,build/sanitized,$(strip -O0 -g1 -fno-omit-frame-pointer -fsanitize=address,undefined \
		-fno-sanitize=vptr -fno-sanitize-recover=all),sanitized)
check-tsan: setup
	$(PLUS)$(call sanitized,build/tsan,-O1 -g1 -fsanitize=thread,sanitized-threads)

# Programs that xpoll-run starts have no sanitizer, and can't load a library that has one.
SANITIZED_ROWS := $(UNIT_ROWS) $(SELFTESTS_ROWS) $(CALLS_ROWS) $(FUZZ_ROWS) $(LOAD_ROWS) $(USERLIB_ROWS)
SANITIZED_PROGRAMS := $(UNIT_TESTS) selftests fuzzer loadtests module $(XPOLL_VM)
$(eval $(call check-target,sanitized,$(SANITIZED_PROGRAMS),$(SANITIZED_ROWS)))
# ThreadSanitizer knows only locks and atomic accesses of the program, and no calls of the module that order threads. The
# library's tests do without the latter.
$(eval $(call check-target,sanitized-threads,$(USERLIB_UNIT) module $(XPOLL_VM),$(USERLIB_ROWS)))
