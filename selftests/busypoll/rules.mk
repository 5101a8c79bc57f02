# SPDX-License-Identifier: GPL-2.0-only
# "make busypoll": packets that busy polling finds, and interrupts, over virtio-net, on native epoll and on xpoll.

BUSYPOLL_BIN := build/host/xpoll-busypoll
BUSYPOLL_SRC := $(sort $(wildcard selftests/busypoll/*.cc))
BUSYPOLL_OBJ := $(BUSYPOLL_SRC:%.cc=build/host/obj/%.o)
BUSYPOLL_MESSAGES ?= 100
BUSYPOLL_PACE_MS ?= 20
BUSYPOLL_TIMEOUT ?= 300

$(eval $(call host-objects,$(BUSYPOLL_OBJ),$$(SELFTESTS_CXXFLAGS)))

$(eval $(call cxx-program,$(BUSYPOLL_BIN),$(BUSYPOLL_OBJ) $(SELFTESTS_LIBS),$$(SELFTESTS_LDLIBS)))

userland: $(BUSYPOLL_BIN)

.PHONY: busypoll busypoll-built
busypoll: setup
	$(AFTER_SETUP) busypoll-built
busypoll-built: $(BUSYPOLL_BIN) $(XPOLL_VM) build/$(KERNEL)/xpoll.ko
	$(XPOLL_VM) run --kernel $(KERNEL) --smp 1 --module build/$(KERNEL)/xpoll.ko --timeout $(BUSYPOLL_TIMEOUT) \
		--forward 0:7 --beside '$(BUSYPOLL_BIN) --connect "$$XPOLL_FORWARD_PORT" \
			--messages $(BUSYPOLL_MESSAGES) --pace-ms $(BUSYPOLL_PACE_MS)' \
		-- $(BUSYPOLL_BIN) --listen 7 --messages $(BUSYPOLL_MESSAGES)
