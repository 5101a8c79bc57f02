# SPDX-License-Identifier: GPL-2.0-only
# build/host/xpoll-probetests: the eBPF tools in a guest, on traffic whose figures are known.

PROBETESTS_BIN := build/host/xpoll-probetests
PROBETESTS_SRC := $(sort $(wildcard selftests/probes/*.cc))
PROBETESTS_OBJ := $(PROBETESTS_SRC:%.cc=build/host/obj/%.o)
PROBETESTS_SHARED_OBJ := $(filter build/host/obj/selftests/util/%,$(SELFTESTS_OBJ)) \
	$(addprefix build/host/obj/selftests/load/,kernel_module.o module_files.o)

.PHONY: probetests
probetests: $(PROBETESTS_BIN) $(PROBES_BIN) $(EXAMPLES)
userland: probetests

$(PROBETESTS_OBJ): build/host/obj/%.o: %.cc
	@mkdir -p $(@D)
	@$(SAY) "  CXX     $<"
	$(CXX) $(SELFTESTS_CXXFLAGS) -MMD -MP -c -o $@ $<

$(PROBETESTS_BIN): $(PROBETESTS_OBJ) $(PROBETESTS_SHARED_OBJ) build/host/libxpoll.a
	@$(SAY) "  LD      $@"
	$(CXX) -o $@ $^ $(SELFTESTS_LDLIBS)

-include $(PROBETESTS_OBJ:.o=.d)

# A row of the summary for each kernel. TESTS picks tests of the other kind, PROBETESTS of this one.
PROBES_RUNS := $(if $(TESTS),,$(KERNELS:%=%-probes))
# Emulation with processors in parallel has faults of its own where the kernel patches its text.
PROBES_TIMEOUT ?= 1800
PROBES_GUEST := $(filter-out --parallel,$(GUEST))

.PHONY: check-probes check-probes-built
check-probes: setup
	$(RM) -r $(CHECK_DIR)
	$(AFTER_SETUP) check-probes-built
	$(XPOLL_REPORT) summary --dir $(CHECK_DIR) $(PROBES_RUNS)
check-probes-built: probetests module $(XPOLL_VM)
	for run in $(PROBES_RUNS); do \
		kernel=$${run%-probes}; \
		out=$(CHECK_DIR)/kernels/$$run; \
		mkdir -p $$out; \
		$(XPOLL_VM) run --kernel $$kernel --module build/$$kernel/xpoll.ko $(PROBES_GUEST) \
			--timeout $(PROBES_TIMEOUT) --out $$out --json $$out/vm.json --log $$out/kernel.log -- \
			$(PROBETESTS_BIN) --gtest_output=json:/out/tests.json --xpoll build/$$kernel/xpoll.ko \
			$(if $(PROBETESTS),--gtest_filter='$(PROBETESTS)') | tee $$out/tests.ktap; \
	done
