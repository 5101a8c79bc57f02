# SPDX-License-Identifier: GPL-2.0-only
# The guest runner, its unit tests, and those of tools/util.

VM_DIR := tools/vm
VM_CXXFLAGS := $(TOOLS_CXXFLAGS) -Ibuild/host/gen/vm
VM_UNIT := build/host/vm-unit

$(eval $(call tested-program,$(XPOLL_VM),$(VM_UNIT),$(VM_DIR),$$(VM_CXXFLAGS),$(TOOLS_UTIL),-lfmt,$(TOOLS_UTIL_TEST_OBJ)))

# The guest's scripts and the configuration fragments of built kernels are compiled into the program.
VM_EMBEDDED := guest/init guest/session $(notdir $(sort $(wildcard $(VM_DIR)/*.config)))
VM_EMBEDDED_INC := $(VM_EMBEDDED:%=build/host/gen/vm/%.inc)

$(VM_EMBEDDED_INC): build/host/gen/vm/%.inc: $(VM_DIR)/%
	@mkdir -p $(@D)
	{ printf 'R"embedded('; cat $<; printf ')embedded"'; } >$@

build/host/obj/$(VM_DIR)/embedded.o: $(VM_EMBEDDED_INC)

# Its man page is for the machine that runs guests, so neither "make install" nor the guest's shell has it.
VM_MAN := build/man/xpoll-vm.1
man: $(VM_MAN)
$(VM_MAN): build/man/%: $(VM_DIR)/man/%.scd
	@mkdir -p $(@D)
	scdoc <$< >$@.tmp
	mv $@.tmp $@
