# SPDX-License-Identifier: GPL-2.0-only
# build/host/obj/tools/util.a: what tools and tests share.

TOOLS_CXXFLAGS := $(HOST_CXXFLAGS) -I. -Iuserlib/include -Iuapi

TOOLS_UTIL := $(BUILD)/obj/tools/util.a
TOOLS_UTIL_SRC := $(sort $(wildcard tools/util/*.cc))
TOOLS_UTIL_ALL_OBJ := $(TOOLS_UTIL_SRC:%.cc=$(BUILD)/obj/%.o)
TOOLS_UTIL_TEST_OBJ := $(filter %_test.o,$(TOOLS_UTIL_ALL_OBJ))
TOOLS_UTIL_OBJ := $(filter-out %_test.o,$(TOOLS_UTIL_ALL_OBJ))

$(eval $(call host-objects,$(TOOLS_UTIL_ALL_OBJ),$$(TOOLS_CXXFLAGS)))

# The version has its own file, so a change of the version recompiles nothing else.
VERSION_SRC := $(BUILD)/gen/version.cc
VERSION_OBJ := $(BUILD)/obj/tools/util/version_number.o

$(VERSION_SRC): VERSION
	@mkdir -p $(@D)
	printf '#include "tools/util/version.h"\nconst char* const xpoll::version = "%s";\n' '$(XPOLL_VERSION)' >$@

$(VERSION_OBJ): $(VERSION_SRC) tools/util/version.h
	@mkdir -p $(@D)
	$(CXX) $(TOOLS_CXXFLAGS) -c -o $@ $<

$(TOOLS_UTIL): $(TOOLS_UTIL_OBJ) $(VERSION_OBJ)
	$(RM) $@
	$(AR) rcs $@ $^
