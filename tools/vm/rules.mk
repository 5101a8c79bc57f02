# SPDX-License-Identifier: GPL-2.0-only
# The guest runner, its unit tests, and those of tools/util.

VM_DIR := tools/vm
VM_CXXFLAGS := $(TOOLS_CXXFLAGS) -Ibuild/host/gen/vm

VM_LIB_SRC := $(sort $(filter-out %/main.cc %_test.cc,$(wildcard $(VM_DIR)/*.cc)))
VM_LIB_OBJ := $(VM_LIB_SRC:%.cc=build/host/obj/%.o)
VM_TEST_SRC := $(sort $(wildcard $(VM_DIR)/*_test.cc))
VM_TEST_OBJ := $(VM_TEST_SRC:%.cc=build/host/obj/%.o)
VM_OBJ := $(VM_LIB_OBJ) $(VM_TEST_OBJ) build/host/obj/$(VM_DIR)/main.o

$(eval $(call host-objects,$(VM_OBJ),$$(VM_CXXFLAGS)))

$(eval $(call cxx-program,$(XPOLL_VM),build/host/obj/$(VM_DIR)/main.o $(VM_LIB_OBJ) $(TOOLS_UTIL),-lfmt))

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

VM_UNIT := build/host/vm-unit
$(eval $(call cxx-program,$(VM_UNIT),$(VM_TEST_OBJ) $(TOOLS_UTIL_TEST_OBJ) $(VM_LIB_OBJ) \
	$(TOOLS_UTIL),-lgmock -lgtest_main -lgtest -lfmt -pthread))
