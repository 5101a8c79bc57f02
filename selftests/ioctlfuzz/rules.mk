# SPDX-License-Identifier: GPL-2.0-only
# build/host/xpoll-ioctlfuzz, and build/K/kcov/xpoll.ko, a module that reports its coverage.

IOCTLFUZZ_BIN := $(BUILD)/xpoll-ioctlfuzz
IOCTLFUZZ_SRC := $(sort $(wildcard selftests/ioctlfuzz/*.cc))
IOCTLFUZZ_OBJ := $(IOCTLFUZZ_SRC:%.cc=$(BUILD)/obj/%.o)

.PHONY: ioctlfuzz
ioctlfuzz: $(IOCTLFUZZ_BIN)

$(eval $(call host-objects,$(IOCTLFUZZ_OBJ),$$(SELFTESTS_CXXFLAGS)))

$(eval $(call cxx-program,$(IOCTLFUZZ_BIN),$(IOCTLFUZZ_OBJ) $(SELFTESTS_LIBS),$$(SELFTESTS_LDLIBS)))

.PRECIOUS: build/%/kcov/xpoll.ko
build/%/kcov/xpoll.ko: $(MODULE_SRC) build/%/kernel-build
	$(RM) -r $(@D)
	mkdir -p $(@D)
	cp --parents $(MODULE_SRC) $(@D)
	$(PLUS)packaging/progress "building $@" $(@D)/build.log $(OTHER_MAKE) \
		-C "$$(cat build/$*/kernel-build)" M=$(CURDIR)/$(@D) KCOV_INSTRUMENT=y modules
