# SPDX-License-Identifier: GPL-2.0-only
# Breaks the module in one place at a time, to check that a suite notices.

.PHONY: mutations mutations-built
mutations: setup
	$(AFTER_SETUP) mutations-built
mutations-built: $(SELFTESTS_BIN) $(STRESS_BIN) $(FAULTS_BIN) $(XPOLL_VM)
	selftests/mutations/run $(MUTATIONS)
