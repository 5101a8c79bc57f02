# SPDX-License-Identifier: GPL-2.0-only
# Tests of the runner on a real guest: a module that misbehaves, "make install", and the shell.
RUNNER_CHECK := build/host/runner-check
RUNNER_CHECK_SRC := $(sort $(wildcard selftests/vm/*_check.cc))
RUNNER_CHECK_OBJ := $(RUNNER_CHECK_SRC:%.cc=build/host/obj/%.o)
VMTEST_SRC := $(addprefix selftests/vm/testmod/,Kbuild vmtest.c)

$(eval $(call host-objects,$(RUNNER_CHECK_OBJ),$$(SELFTESTS_CXXFLAGS)))

$(eval $(call cxx-program,$(RUNNER_CHECK),$(RUNNER_CHECK_OBJ) $(TOOLS_UTIL),-lgmock -lgtest_main -lgtest \
	-lfmt -pthread))

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
