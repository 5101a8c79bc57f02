# SPDX-License-Identifier: GPL-2.0-only
# The module broken in one place after the other, to see that a suite notices.

.PHONY: mutations mutations-built
mutations: setup
	$(AFTER_SETUP) mutations-built
mutations-built: $(SELFTESTS_BIN) $(STRESS_BIN) $(XPOLL_VM)
	selftests/mutations/run $(MUTATIONS)
