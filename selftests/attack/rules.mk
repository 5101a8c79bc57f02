# SPDX-License-Identifier: GPL-2.0-only
# build/host/xpoll-attack: processes without privilege attack a service. "make attack" runs it by itself,
# "make check-debug" on kernels with debugging options.

ATTACK_BIN := $(BUILD)/xpoll-attack
ATTACK_UNIT := $(BUILD)/attack-unit
ATTACK_SRC := $(sort $(wildcard selftests/attack/*.cc))
ATTACK_OBJ := $(ATTACK_SRC:%.cc=$(BUILD)/obj/%.o)

MINUTES ?= 10
SEED ?= 1
ATTACK_OUT := build/attack

$(eval $(call host-objects,$(ATTACK_OBJ),$$(SELFTESTS_CXXFLAGS)))

$(eval $(call cxx-program,$(ATTACK_BIN),$(filter-out %_test.o,$(ATTACK_OBJ)) $(SELFTESTS_LIBS),$$(SELFTESTS_LDLIBS)))

$(eval $(call cxx-program,$(ATTACK_UNIT),$(addprefix $(BUILD)/obj/selftests/attack/,outcome_test.o outcome.o) $(TOOLS_UTIL),\
	-lgmock -lgtest_main -lgtest -lfmt -pthread))

# The guest's own time limit is for a hang: ends of attackers come on top of the minutes.
.PHONY: attack attack-built
attack: setup
	$(AFTER_SETUP) attack-built
attack-built: $(ATTACK_BIN) $(XPOLL_VM) build/$(KERNEL)/xpoll.ko
	mkdir -p $(ATTACK_OUT)
	$(XPOLL_VM) run --kernel $(KERNEL) --smp 2 --parallel --mem 2G --module build/$(KERNEL)/xpoll.ko \
		--timeout $$(($(MINUTES) * 150 + 900)) --out $(ATTACK_OUT) --log $(ATTACK_OUT)/kernel-$(KERNEL).log -- \
		$(ATTACK_BIN) --seed $(SEED) --minutes $(MINUTES) --json /out/attack-$(KERNEL).json
