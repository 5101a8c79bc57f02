# SPDX-License-Identifier: GPL-2.0-only
# build/host/xpoll-selftests tests each call of epoll. One of its tests runs build/host/abi32.

SELFTESTS_BIN := $(BUILD)/xpoll-selftests
ABI32_BIN := $(BUILD)/abi32

SELFTESTS_SRC := $(sort $(wildcard selftests/semantics/*.cc))
SELFTESTS_OBJ := $(SELFTESTS_SRC:%.cc=$(BUILD)/obj/%.o)
# On arm64 it has 64 bits, too: a toolchain for the 32-bit instructions is not installed.
# A 32-bit program without a C++ runtime: the multilib packages only contain a 32-bit C library, and the kernel's
# headers stay in the 64-bit directory.
ABI32_SRC := selftests/semantics/abi32/abi32.cc
ABI32_TARGET := -nostdinc++ $(if $(filter amd64,$(ARCH)),-m32 -idirafter /usr/include/x86_64-linux-gnu)
ABI32_CXXFLAGS := $(ABI32_TARGET) -std=c++20 -O2 -g -Wall -Wextra -Werror -fno-exceptions -fno-rtti -Iuapi
ABI32_LDFLAGS := -static -nodefaultlibs -Wl,--start-group -lc -lgcc -lgcc_eh -Wl,--end-group

.PHONY: selftests
selftests: $(SELFTESTS_BIN) $(ABI32_BIN) $(WAKE_PROGRAMS)

$(eval $(call host-objects,$(SELFTESTS_OBJ),$$(SELFTESTS_CXXFLAGS)))

$(eval $(call cxx-program,$(SELFTESTS_BIN),$(SELFTESTS_OBJ) $(SELFTESTS_LIBS),$$(SELFTESTS_LDLIBS) -lbpf))

$(ABI32_BIN): $(ABI32_SRC)
	@mkdir -p $(@D) $(BUILD)/obj/selftests/semantics/abi32
	@$(SAY) "  LD      $@"
	$(CXX) $(ABI32_CXXFLAGS) -MMD -MP -MF $(BUILD)/obj/selftests/semantics/abi32/abi32.d -o $@ $< $(ABI32_LDFLAGS)

-include $(BUILD)/obj/selftests/semantics/abi32/abi32.d
