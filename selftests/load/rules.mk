# SPDX-License-Identifier: GPL-2.0-only
# build/host/xpoll-loadtests, which loads and unloads the module, and modules that block its hook or share it.

LOADTESTS_BIN := $(BUILD)/xpoll-loadtests
LOADTESTS_SRC := $(sort $(wildcard selftests/load/*.cc))
LOADTESTS_OBJ := $(LOADTESTS_SRC:%.cc=$(BUILD)/obj/%.o)

.PHONY: loadtests
loadtests: $(LOADTESTS_BIN) $(KERNELS:%=build/%/blocker/blocker.ko)

$(eval $(call host-objects,$(LOADTESTS_OBJ),$$(SELFTESTS_CXXFLAGS)))

$(eval $(call cxx-program,$(LOADTESTS_BIN),$(LOADTESTS_OBJ) $(SELFTESTS_LIBS),$$(SELFTESTS_LDLIBS)))

BLOCKER_SRC := $(addprefix selftests/load/blocker/,Kbuild main.c trampoline.S patch_create.c)

.PRECIOUS: build/%/blocker/blocker.ko
build/%/blocker/blocker.ko: $(BLOCKER_SRC) build/%/kernel-build
	mkdir -p $(@D)
	cp $(BLOCKER_SRC) $(@D)
	$(PLUS)packaging/progress "building $@" $(@D)/build.log $(OTHER_MAKE) \
		-C "$$(cat build/$*/kernel-build)" M=$(CURDIR)/$(@D) W=1 KCFLAGS=-Werror modules
	! grep -E $(MODULE_WARNINGS) $(@D)/build.log
	touch $@

# One row of the summary per kernel. TESTS selects tests of other suites, LOADTESTS of this one.
LOAD_ROWS := $(if $(TESTS),,$(KERNELS:%=guest/%-load))
# Parallel emulated processors fail when the kernel patches its text.
load-row = $(LOADTESTS_BIN) --xpoll build/$*/xpoll.ko --blocker build/$*/blocker/blocker.ko \
	$(if $(LOADTESTS),--gtest_filter='$(LOADTESTS)')
$(eval $(call guest-row,load,$$(filter-out --parallel,$$(GUEST))))
$(eval $(call check-target,check-load,loadtests module $(XPOLL_VM),$(LOAD_ROWS)))
