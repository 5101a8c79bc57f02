# SPDX-License-Identifier: GPL-2.0-only
# Models of the wake and last-close protocols and of their memory order, and the program that verifies them with spin.

MODEL_DIR := selftests/models
MODEL_CXXFLAGS := $(TOOLS_CXXFLAGS) -Iselftests

XPOLL_MODEL := build/host/xpoll-model
MODEL_UNIT := build/host/model-unit

$(eval $(call tested-program,$(XPOLL_MODEL),$(MODEL_UNIT),$(MODEL_DIR),$$(MODEL_CXXFLAGS),$(TOOLS_UTIL),-lfmt))

# Run only the checks whose name contains this.
MODEL ?=

.PHONY: model model-built
model: setup
	$(AFTER_SETUP) model-built
model-built: $(XPOLL_MODEL)
	$(XPOLL_MODEL) --dir build/model $(if $(MODEL),--only '$(MODEL)') $(MODEL_DIR)/checks.json
