# SPDX-License-Identifier: GPL-2.0-only
# "make bounds": how the work of each call grows, in instructions of a guest under --icount.

BOUNDS_BIN := build/host/xpoll-bounds
BOUNDS_SRC := $(sort $(wildcard selftests/bounds/*.cc))
BOUNDS_OBJ := $(BOUNDS_SRC:%.cc=build/host/obj/%.o)
# A regular expression for the names of cases, such as ^wait_. Empty selects all.
BOUNDS ?=
BOUNDS_OUT := build/bounds
BOUNDS_TIMEOUT ?= 1800

$(eval $(call host-objects,$(BOUNDS_OBJ),$$(SELFTESTS_CXXFLAGS)))

$(eval $(call cxx-program,$(BOUNDS_BIN),$(BOUNDS_OBJ) build/host/obj/selftests/costs/instructions.o $(SELFTESTS_LIBS),$$(SELFTESTS_LDLIBS)))

userland: $(BOUNDS_BIN)

.PHONY: bounds bounds-built
bounds: setup
	$(AFTER_SETUP) bounds-built
bounds-built: $(BOUNDS_BIN) $(XPOLL_VM) build/$(KERNEL)/xpoll.ko
	mkdir -p $(BOUNDS_OUT)
	$(XPOLL_VM) run --kernel $(KERNEL) --icount --mem 2G --module build/$(KERNEL)/xpoll.ko --timeout $(BOUNDS_TIMEOUT) \
		--out $(BOUNDS_OUT) -- $(BOUNDS_BIN) --json /out/bounds-$(KERNEL).json $(if $(BOUNDS),--cases '$(BOUNDS)')
