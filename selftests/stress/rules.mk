# SPDX-License-Identifier: GPL-2.0-only
# build/host/xpoll-stress: the races of the selftests and of this directory, with concurrent attempts to unload.

STRESS_BIN := $(BUILD)/xpoll-stress
STRESS_SRC := $(sort $(wildcard selftests/stress/*.cc))
STRESS_OBJ := $(STRESS_SRC:%.cc=$(BUILD)/obj/%.o)
STRESS_RACES_SRC := $(sort $(wildcard selftests/semantics/race_*_test.cc selftests/semantics/*_race_test.cc))
STRESS_OTHER_OBJ := $(STRESS_RACES_SRC:%.cc=$(BUILD)/obj/%.o) $(BUILD)/obj/selftests/load/kernel_module.o

.PHONY: stress
stress: $(STRESS_BIN)

$(eval $(call host-objects,$(STRESS_OBJ),$$(SELFTESTS_CXXFLAGS)))

$(eval $(call cxx-program,$(STRESS_BIN),$(STRESS_OBJ) $(STRESS_OTHER_OBJ) $(SELFTESTS_LIBS),\
	$$(SELFTESTS_LDLIBS)))
