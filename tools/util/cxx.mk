# SPDX-License-Identifier: GPL-2.0-only
# How the C++ programs are built. Compilation takes most of the time of "make check": clang++ -O0 needs a third of the
# processor time of g++ -O1. CXX=g++ works too, without the precompiled header.

ifeq ($(origin CXX),default)
CXX := clang++
endif

# If flags are given, for example by a packager, only these are used, and compiler warnings are not errors.
GIVEN_FLAGS := $(strip $(foreach variable,CFLAGS CXXFLAGS,$(filter environment command,$(firstword $(origin $(variable))))))
WERROR ?= $(if $(GIVEN_FLAGS),,-Werror)
CFLAGS ?= -O2 -g
CXXFLAGS ?= -O0 -g1

HOST_CXXFLAGS := -std=c++20 -Wall -Wextra $(WERROR) -pthread $(CPPFLAGS) $(CXXFLAGS)

# The headers that most sources include, parsed once. Only this build uses the precompiled header, so clang-tidy still
# finds missing includes. clang rejects a precompiled header made with other flags, so a change of this file rebuilds
# it.
PRECOMPILED := $(if $(findstring clang,$(CXX)),$(BUILD)/obj/tools/util/precompiled.pch)
PRECOMPILED_FLAGS := $(addprefix -include-pch ,$(PRECOMPILED))
# ccache caches users of a precompiled header only with these settings.
export CCACHE_SLOPPINESS ?= pch_defines,time_macros

# Without a timestamp, so that ccache recognizes an unchanged header.
$(BUILD)/obj/tools/util/precompiled.pch: tools/util/precompiled.h tools/util/cxx.mk $(SYSROOT_MK)
	@mkdir -p $(@D)
	@$(SAY) "  PCH     $<"
	$(CXX) $(HOST_CXXFLAGS) -fpch-instantiate-templates -Xclang -fno-pch-timestamp \
		-MD -MP -MF $(@:.pch=.d) -x c++-header -o $@ $<
-include $(BUILD)/obj/tools/util/precompiled.d

# $(eval $(call cxx-objects,OBJECTS,FLAGS)): rules for C++ objects, each from the source of the same name, with their
# dependencies. Write "$$" before flags that a target may extend.
define cxx-objects
$(1): $(BUILD)/obj/%.o: %.cc
	@mkdir -p $$(@D)
	@$$(SAY) "  CXX     $$<"
	$$(CXX) $(2) -MMD -MP -c -o $$@ $$<
-include $(patsubst %.o,%.d,$(1))
endef

# $(eval $(call host-objects,OBJECTS,FLAGS)): the same with the precompiled header. FLAGS are HOST_CXXFLAGS and
# include directories.
define host-objects
$(call cxx-objects,$(1),$(2) $$(PRECOMPILED_FLAGS))
$(1): $(PRECOMPILED)
endef

# $(eval $(call cxx-program,PROGRAM,OBJECTS,OPTIONS)): links a program or a shared object.
define cxx-program
$(1): $(2)
	@$$(SAY) "  LD      $$@"
	$$(CXX) $$(CXXFLAGS) $$(LDFLAGS) -o $$@ $$^ $(3)
endef

# $(call objects-of,DIRECTORY), and those without main() and tests, and those of tests.
objects-of = $(patsubst %.cc,$(BUILD)/obj/%.o,$(sort $(wildcard $(1)/*.cc)))
library-objects-of = $(filter-out %/main.o %_test.o,$(call objects-of,$(1)))
test-objects-of = $(filter %_test.o,$(call objects-of,$(1)))

GTEST_LDLIBS := -lgmock -lgtest_main -lgtest

# $(eval $(call tested-program,PROGRAM,UNIT,DIRECTORY,FLAGS,LIBRARIES,OPTIONS,TESTS)): a program whose main() is the
# directory's main.cc, and one that runs the directory's tests and these others. Both link LIBRARIES.
define tested-program
$(call host-objects,$(call objects-of,$(3)),$(4))
$(call cxx-program,$(1),$(BUILD)/obj/$(3)/main.o $(call library-objects-of,$(3)) $(5),$(6))
$(call cxx-program,$(2),$(call test-objects-of,$(3)) $(7) $(call library-objects-of,$(3)) $(5),\
	$(GTEST_LDLIBS) $(6) -pthread)
endef
