# SPDX-License-Identifier: GPL-2.0-only
# build/host/xpoll-costs: what a call may cost at most, counted in instructions of a guest under --icount.

COSTS_BIN := build/host/xpoll-costs
COSTS_SRC := $(sort $(wildcard selftests/costs/*.cc))
COSTS_OBJ := $(COSTS_SRC:%.cc=build/host/obj/%.o)

.PHONY: costtests
costtests: $(COSTS_BIN)
userland: costtests

$(eval $(call host-objects,$(COSTS_OBJ),$$(SELFTESTS_CXXFLAGS)))

$(eval $(call cxx-program,$(COSTS_BIN),$(COSTS_OBJ) $(SELFTESTS_LIBS),$$(SELFTESTS_LDLIBS)))

# A row of the summary for each kernel. TESTS picks tests of the other kind, COSTTESTS of this one.
# Instructions can be counted in emulation only.
COSTS_ROWS := $(if $(or $(TESTS),$(filter kvm,$(ACCEL))),,$(KERNELS:%=guest/%-costs))
COSTS_TIMEOUT ?= 300

costs-row = $(COSTS_BIN) $(if $(COSTTESTS),--gtest_filter='$(COSTTESTS)')
costs-seconds = $(COSTS_TIMEOUT)
$(eval $(call guest-row,costs,--module build/$$*/xpoll.ko --icount --mem $$(MEM)))
$(eval $(call check-target,check-costs,costtests module $(XPOLL_VM),$(COSTS_ROWS)))
