# SPDX-License-Identifier: GPL-2.0-only
# build/host/xpoll-probetests: the eBPF tools in a guest, on traffic whose figures are known.

PROBETESTS_BIN := build/host/xpoll-probetests
PROBETESTS_SRC := $(sort $(wildcard selftests/probes/*.cc))
PROBETESTS_OBJ := $(PROBETESTS_SRC:%.cc=build/host/obj/%.o)
PROBETESTS_SHARED_OBJ := $(addprefix build/host/obj/selftests/load/,kernel_module.o module_files.o) \
	$(addprefix $(PROBES_OBJ_DIR)/util/,attachable.o kernel_types.o)

.PHONY: probetests
probetests: $(PROBETESTS_BIN) $(PROBES_BIN) $(EXAMPLES) $(XPOLL_RUN) $(PRELOAD)
userland: probetests

$(PROBETESTS_OBJ): build/host/obj/%.o: %.cc
	@mkdir -p $(@D)
	@$(SAY) "  CXX     $<"
	$(CXX) $(SELFTESTS_CXXFLAGS) -MMD -MP -c -o $@ $<

$(PROBETESTS_BIN): $(PROBETESTS_OBJ) $(PROBETESTS_SHARED_OBJ) $(SELFTESTS_LIBS)
	@$(SAY) "  LD      $@"
	$(CXX) -o $@ $^ $(SELFTESTS_LDLIBS) -lbpf

-include $(PROBETESTS_OBJ:.o=.d)

# A row of the summary for each kernel. TESTS picks tests of the other kind, PROBETESTS of this one.
PROBES_ROWS := $(if $(TESTS),,$(KERNELS:%=guest/%-probes))
PROBES_TIMEOUT ?= 1800
# Emulation with processors in parallel has faults of its own where the kernel patches its text.
$(PROBES_ROWS): guest/%-probes:
	$(call guest-run,$*-probes,$*,$(filter-out --parallel,$(MODULE_GUEST)),$(PROBES_TIMEOUT),$(PROBETESTS_BIN) \
		--gtest_output=json:/out/tests.json --xpoll build/$*/xpoll.ko \
		$(if $(PROBETESTS),--gtest_filter='$(PROBETESTS)'))
$(eval $(call check-target,check-probes,probetests module $(XPOLL_VM),$(PROBES_ROWS)))
