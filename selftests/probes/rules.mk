# SPDX-License-Identifier: GPL-2.0-only
# build/host/xpoll-probetests: runs the eBPF tools in a guest on known traffic.

PROBETESTS_BIN := $(BUILD)/xpoll-probetests
PROBETESTS_SRC := $(sort $(wildcard selftests/probes/*.cc))
PROBETESTS_OBJ := $(PROBETESTS_SRC:%.cc=$(BUILD)/obj/%.o)
PROBETESTS_SHARED_OBJ := $(addprefix $(BUILD)/obj/selftests/load/,kernel_module.o module_files.o) \
	$(addprefix $(PROBES_OBJ_DIR)/util/,attachable.o kernel_types.o)

.PHONY: probetests
probetests: $(PROBETESTS_BIN) $(PROBES_BIN) $(EXAMPLES) $(XPOLL_RUN) $(PRELOAD)
userland: probetests

$(eval $(call host-objects,$(PROBETESTS_OBJ),$$(SELFTESTS_CXXFLAGS)))

$(eval $(call cxx-program,$(PROBETESTS_BIN),$(PROBETESTS_OBJ) $(PROBETESTS_SHARED_OBJ) $(SELFTESTS_LIBS), \
	$$(SELFTESTS_LDLIBS) -lbpf))

# One row of the summary per kernel. TESTS selects tests of other suites, PROBETESTS of this one.
PROBES_ROWS := $(if $(TESTS),,$(KERNELS:%=guest/%-probes))
PROBES_TIMEOUT ?= 1800
probes-seconds = $(PROBES_TIMEOUT)
probes-row = $(PROBETESTS_BIN) --xpoll build/$*/xpoll.ko $(if $(PROBETESTS),--gtest_filter='$(PROBETESTS)')
# Parallel emulated processors fail when the kernel patches its text.
$(eval $(call guest-row,probes,$$(filter-out --parallel,$$(MODULE_GUEST))))
$(eval $(call check-target,check-probes,probetests module $(XPOLL_VM),$(PROBES_ROWS)))
