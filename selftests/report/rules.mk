# SPDX-License-Identifier: GPL-2.0-only
# Collects the results of "make check".

REPORT_DIR := selftests/report
REPORT_CXXFLAGS := $(TOOLS_CXXFLAGS) -Iselftests
REPORT_LIB_SRC := $(sort $(filter-out %/main.cc %_test.cc,$(wildcard $(REPORT_DIR)/*.cc)))
REPORT_LIB_OBJ := $(REPORT_LIB_SRC:%.cc=build/host/obj/%.o)
REPORT_TEST_SRC := $(sort $(wildcard $(REPORT_DIR)/*_test.cc))
REPORT_TEST_OBJ := $(REPORT_TEST_SRC:%.cc=build/host/obj/%.o)
REPORT_OBJ := $(REPORT_LIB_OBJ) $(REPORT_TEST_OBJ) build/host/obj/$(REPORT_DIR)/main.o

XPOLL_REPORT := build/host/xpoll-report
REPORT_UNIT := build/host/report-unit

$(eval $(call host-objects,$(REPORT_OBJ),$$(REPORT_CXXFLAGS)))

$(eval $(call cxx-program,$(XPOLL_REPORT),build/host/obj/$(REPORT_DIR)/main.o $(REPORT_LIB_OBJ) \
	$(TOOLS_UTIL),-lfmt))

$(eval $(call cxx-program,$(REPORT_UNIT),$(REPORT_TEST_OBJ) $(REPORT_LIB_OBJ) $(TOOLS_UTIL),-lgmock \
	-lgtest_main -lgtest -lfmt -pthread))
