# SPDX-License-Identifier: GPL-2.0-only
# build/host/obj/selftests/util.a: the code that the tests share, and how they are built.

SELFTESTS_CXXFLAGS := $(TOOLS_CXXFLAGS) -Iselftests
SELFTESTS_LDLIBS := -lgmock -lgtest -lfmt -lutil -pthread

SELFTESTS_UTIL := $(BUILD)/obj/selftests/util.a
SELFTESTS_UTIL_OBJ := $(patsubst %.cc,$(BUILD)/obj/%.o,$(sort $(wildcard selftests/util/*.cc)))
# The libraries of a test program.
SELFTESTS_LIBS := $(SELFTESTS_UTIL) $(TOOLS_UTIL) $(BUILD)/libxpoll.a

$(eval $(call host-objects,$(SELFTESTS_UTIL_OBJ),$$(SELFTESTS_CXXFLAGS)))

$(SELFTESTS_UTIL): $(SELFTESTS_UTIL_OBJ)
	$(RM) $@
	$(AR) rcs $@ $^
