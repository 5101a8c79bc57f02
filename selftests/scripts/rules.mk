# SPDX-License-Identifier: GPL-2.0-only
# Tests that are scripts and run without being built.

SCRIPT_TESTS := $(addprefix selftests/scripts/,install demo progress rules_order costs version completion cmake dkms)

# The programs that they run.
selftests/scripts/demo: build/host/xpoll-demo
selftests/scripts/costs: $(COSTS_BIN)
selftests/scripts/version selftests/scripts/completion: $(addprefix build/host/xpoll-,run top path compare vm)
selftests/scripts/version: python
selftests/scripts/cmake: installable
