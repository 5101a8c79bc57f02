# SPDX-License-Identifier: GPL-2.0-only
# build/host/obj/selftests/util.a: what the tests share, and how they are built.

# -O1 -g1 takes half the time of -O2 -g to build, which is most of what "make check" takes.
SELFTESTS_CXXFLAGS := -std=c++20 -O1 -g1 -Wall -Wextra -Werror -pthread \
	-I. -Iselftests -Iuserlib/include -Iuapi
SELFTESTS_LDLIBS := -lgmock -lgtest -lfmt -lutil -pthread

# Tests get GoogleTest's headers precompiled: level_test.cc takes 5.6 s of a processor instead of 8.9 s. The header
# itself is not where the compiler looks for it, so what was made with other flags is an error, whose reason
# -Winvalid-pch tells. gcc does not notice another -O, and crashes: a change of the flags makes the header anew.
TEST_HEADER := build/host/obj/selftests/util/precompiled.h
TEST_HEADER_PCH := $(TEST_HEADER).gch
TEST_HEADER_FLAGS := -Winvalid-pch -fpch-preprocess -include $(TEST_HEADER)
# ccache takes what includes it only if told so.
export CCACHE_SLOPPINESS ?= pch_defines,time_macros

$(TEST_HEADER_PCH): selftests/util/precompiled.h selftests/util/rules.mk
	@mkdir -p $(@D)
	@$(SAY) "  PCH     $<"
	$(CXX) $(SELFTESTS_CXXFLAGS) -MD -MP -MF $(TEST_HEADER).d -MT $@ -x c++-header -o $@ $<

-include $(TEST_HEADER).d

# $(eval $(call test-objects,OBJECTS)): as cxx-objects, with SELFTESTS_CXXFLAGS; the tests among them get the header.
define test-objects
$(call cxx-objects,$(1),$$(SELFTESTS_CXXFLAGS))
$(filter %_test.o,$(1)): $(TEST_HEADER_PCH)
$(filter %_test.o,$(1)): private SELFTESTS_CXXFLAGS += $(TEST_HEADER_FLAGS)
endef

SELFTESTS_UTIL := build/host/obj/selftests/util.a
SELFTESTS_UTIL_OBJ := $(patsubst %.cc,build/host/obj/%.o,$(sort $(wildcard selftests/util/*.cc)))
# What a program of tests is linked with, besides its own objects.
SELFTESTS_LIBS := $(SELFTESTS_UTIL) $(TOOLS_UTIL) build/host/libxpoll.a

$(eval $(call test-objects,$(SELFTESTS_UTIL_OBJ)))

$(SELFTESTS_UTIL): $(SELFTESTS_UTIL_OBJ)
	$(RM) $@
	$(AR) rcs $@ $^
