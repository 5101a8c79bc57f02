# SPDX-License-Identifier: GPL-2.0-only
# The litmus tests of the module's pairs of barriers. herd7 is in sid and the kernel's memory model in its source.

LITMUS_TESTS := $(sort $(wildcard selftests/litmus/*.litmus))

.PHONY: litmus litmus-built
litmus: setup
	$(AFTER_SETUP) litmus-built
litmus-built: $(XPOLL_VM)
	herdtools=$$($(XPOLL_VM) programs sid herdtools7) && model=$$($(XPOLL_VM) source 6.12 tools/memory-model) && \
		selftests/litmus/check "$$herdtools" "$$model" $(LITMUS_TESTS)
