# SPDX-License-Identifier: GPL-2.0-only
# Models of the wake and last-close protocols and of their memory order, and the program that verifies them with spin.

MODEL_DIR := selftests/models
MODEL_CXXFLAGS := $(TOOLS_CXXFLAGS) -Iselftests
MODEL_LIB_SRC := $(sort $(filter-out %/main.cc %_test.cc,$(wildcard $(MODEL_DIR)/*.cc)))
MODEL_LIB_OBJ := $(MODEL_LIB_SRC:%.cc=build/host/obj/%.o)
MODEL_TEST_SRC := $(sort $(wildcard $(MODEL_DIR)/*_test.cc))
MODEL_TEST_OBJ := $(MODEL_TEST_SRC:%.cc=build/host/obj/%.o)
MODEL_OBJ := $(MODEL_LIB_OBJ) $(MODEL_TEST_OBJ) build/host/obj/$(MODEL_DIR)/main.o

XPOLL_MODEL := build/host/xpoll-model
MODEL_UNIT := build/host/model-unit

$(eval $(call host-objects,$(MODEL_OBJ),$$(MODEL_CXXFLAGS)))

$(eval $(call cxx-program,$(XPOLL_MODEL),build/host/obj/$(MODEL_DIR)/main.o $(MODEL_LIB_OBJ) \
	$(TOOLS_UTIL),-lfmt))

$(eval $(call cxx-program,$(MODEL_UNIT),$(MODEL_TEST_OBJ) $(MODEL_LIB_OBJ) $(TOOLS_UTIL),-lgmock \
	-lgtest_main -lgtest -lfmt -pthread))

# Run only the checks whose name contains this.
MODEL ?=

.PHONY: model model-built
model: setup
	$(AFTER_SETUP) model-built
model-built: $(XPOLL_MODEL)
	$(XPOLL_MODEL) --dir build/model $(if $(MODEL),--only '$(MODEL)') $(MODEL_DIR)/checks.json
