# SPDX-License-Identifier: GPL-2.0-only
# build/host/xpoll-costs checks limits on the cost of calls, counted in instructions of a guest under --icount.

COSTS_BIN := build/host/xpoll-costs
COSTS_SRC := $(sort $(wildcard selftests/costs/*.cc))
COSTS_OBJ := $(COSTS_SRC:%.cc=build/host/obj/%.o)

.PHONY: costtests
costtests: $(COSTS_BIN)
userland: costtests

$(eval $(call host-objects,$(COSTS_OBJ),$$(SELFTESTS_CXXFLAGS)))

$(eval $(call cxx-program,$(COSTS_BIN),$(COSTS_OBJ) $(SELFTESTS_LIBS),$$(SELFTESTS_LDLIBS)))

# One row of the summary per kernel. TESTS selects tests of other suites, COSTTESTS of this one. Instructions can only
# be counted in emulation.
COSTS_ROWS := $(if $(or $(TESTS),$(filter kvm,$(ACCEL))),,$(KERNELS:%=guest/%-costs))
COSTS_TIMEOUT ?= 300

costs-row = $(COSTS_BIN) $(if $(COSTTESTS),--gtest_filter='$(COSTTESTS)')
costs-seconds = $(COSTS_TIMEOUT)
$(eval $(call guest-row,costs,--module build/$$*/xpoll.ko --icount --mem $$(MEM)))
$(eval $(call check-target,check-costs,costtests module $(XPOLL_VM),$(COSTS_ROWS)))
