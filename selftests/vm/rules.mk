# SPDX-License-Identifier: GPL-2.0-only
# The guest runner, and the tests of the runner itself.

VM_DIR := selftests/vm
VM_CXXFLAGS := -std=c++20 -O1 -g1 -Wall -Wextra -Werror -I. -Ibuild/host/gen/vm

VM_LIB_SRC := $(sort $(filter-out %/main.cc %_test.cc,$(wildcard $(VM_DIR)/*.cc)))
VM_LIB_OBJ := $(VM_LIB_SRC:%.cc=build/host/obj/%.o)
VM_TEST_SRC := $(sort $(wildcard $(VM_DIR)/*_test.cc))
VM_TEST_OBJ := $(VM_TEST_SRC:%.cc=build/host/obj/%.o)
VM_OBJ := $(VM_LIB_OBJ) $(VM_TEST_OBJ) build/host/obj/$(VM_DIR)/main.o

$(VM_OBJ): build/host/obj/%.o: %.cc
	@mkdir -p $(@D)
	@$(SAY) "  CXX     $<"
	$(CXX) $(VM_CXXFLAGS) -MMD -MP -c -o $@ $<

$(XPOLL_VM): build/host/obj/$(VM_DIR)/main.o $(VM_LIB_OBJ)
	@$(SAY) "  LD      $@"
	$(CXX) -o $@ $^ -lfmt

# The guest's scripts and the fragments of configuration of kernels built here are part of the program.
VM_EMBEDDED := guest/init guest/session $(notdir $(sort $(wildcard $(VM_DIR)/*.config)))
VM_EMBEDDED_INC := $(VM_EMBEDDED:%=build/host/gen/vm/%.inc)

$(VM_EMBEDDED_INC): build/host/gen/vm/%.inc: $(VM_DIR)/%
	@mkdir -p $(@D)
	{ printf 'R"embedded('; cat $<; printf ')embedded"'; } >$@

build/host/obj/$(VM_DIR)/embedded.o: $(VM_EMBEDDED_INC)

VM_UNIT := build/host/vm-unit
$(VM_UNIT): $(VM_TEST_OBJ) $(VM_LIB_OBJ)
	@$(SAY) "  LD      $@"
	$(CXX) -o $@ $^ -lgmock -lgtest_main -lgtest -lfmt -pthread

-include $(VM_OBJ:.o=.d)

# The runner on a real guest: with a module that misbehaves, with one that "make install" put there, and
# the shell.
RUNNER_CHECK := build/host/runner-check
RUNNER_CHECK_SRC := $(sort $(wildcard $(VM_DIR)/runner/*_check.cc))
RUNNER_CHECK_OBJ := $(RUNNER_CHECK_SRC:%.cc=build/host/obj/%.o)
VMTEST_SRC := $(addprefix $(VM_DIR)/testmod/,Kbuild vmtest.c)

$(RUNNER_CHECK_OBJ): build/host/obj/%.o: %.cc
	@mkdir -p $(@D)
	@$(SAY) "  CXX     $<"
	$(CXX) $(VM_CXXFLAGS) -Iselftests -MMD -MP -c -o $@ $<

$(RUNNER_CHECK): $(RUNNER_CHECK_OBJ) $(addprefix build/host/obj/$(VM_DIR)/,file.o process.o)
	@$(SAY) "  LD      $@"
	$(CXX) -o $@ $^ -lgmock -lgtest_main -lgtest -lfmt -pthread

-include $(RUNNER_CHECK_OBJ:.o=.d)

.PRECIOUS: build/%/testmod/vmtest.ko
build/%/testmod/vmtest.ko: $(VMTEST_SRC) build/%/kernel-build
	mkdir -p $(@D)
	cp $(VMTEST_SRC) $(@D)
	$(PLUS)packaging/progress "building $@" $(@D)/build.log $(OTHER_MAKE) \
		-C "$$(cat build/$*/kernel-build)" M=$(CURDIR)/$(@D) modules

.PHONY: check-runner check-runner-built
check-runner: setup
	$(AFTER_SETUP) check-runner-built
check-runner-built: $(RUNNER_CHECK) $(XPOLL_VM) build/$(KERNEL)/testmod/vmtest.ko build/$(KERNEL)/xpoll.ko staged
	RUNNER=$(XPOLL_VM) KERNEL=$(KERNEL) MODULE=build/$(KERNEL)/testmod/vmtest.ko \
		XPOLL_MODULE=build/$(KERNEL)/xpoll.ko RCFILE=tools/shell/bashrc $(RUNNER_CHECK) \
		$(if $(TESTS),--gtest_filter='$(TESTS)')
