# SPDX-License-Identifier: GPL-2.0-only
# Collects the results of "make check".

REPORT_DIR := selftests/report
REPORT_CXXFLAGS := $(TOOLS_CXXFLAGS) -Iselftests

XPOLL_REPORT := build/host/xpoll-report
REPORT_UNIT := build/host/report-unit

$(eval $(call tested-program,$(XPOLL_REPORT),$(REPORT_UNIT),$(REPORT_DIR),$$(REPORT_CXXFLAGS),$(TOOLS_UTIL),-lfmt))
