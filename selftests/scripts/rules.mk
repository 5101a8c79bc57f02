# SPDX-License-Identifier: GPL-2.0-only
# Tests of what is not a program: they are scripts too, and run as they are.

SCRIPT_TESTS := $(addprefix selftests/scripts/,install demo progress rules_order costs version completion cmake dkms)

# What they run.
selftests/scripts/demo: build/host/xpoll-demo
selftests/scripts/costs: $(COSTS_BIN)
selftests/scripts/version selftests/scripts/completion: $(addprefix build/host/xpoll-,run top path compare vm)
selftests/scripts/cmake: installable
