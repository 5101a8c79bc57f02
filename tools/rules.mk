# SPDX-License-Identifier: GPL-2.0-only
# The programs that show and measure xpoll.

DEMO_SRC := $(sort $(wildcard tools/demo/*.cc))
DEMO_OBJ := $(DEMO_SRC:%.cc=$(BUILD)/obj/%.o)
# The scripts look for these programs beside themselves.
DEMO := $(if $(filter amd64,$(ARCH)),$(BUILD)/xpoll-demo $(BUILD)/xpoll-demo-host) $(BUILD)/xpoll-demo-guest

.PHONY: demo
demo: $(DEMO) $(EXAMPLES)

$(eval $(call host-objects,$(DEMO_OBJ),$$(TOOLS_CXXFLAGS)))

$(eval $(call cxx-program,$(BUILD)/xpoll-demo,$(DEMO_OBJ) $(TOOLS_UTIL),-lfmt))

$(BUILD)/xpoll-demo-guest $(BUILD)/xpoll-demo-host: $(BUILD)/xpoll-demo-%: tools/demo/%.sh
	@mkdir -p $(@D)
	install -m 755 $< $@

XPOLL_RUN := $(BUILD)/xpoll-run
RUN_SRC := $(sort $(wildcard tools/run/*.cc))
RUN_OBJ := $(RUN_SRC:%.cc=$(BUILD)/obj/%.o)

userland preloadtests: $(XPOLL_RUN) $(PRELOAD)

$(eval $(call host-objects,$(RUN_OBJ),$$(TOOLS_CXXFLAGS)))

# libbpf is static: only --wake bpf:OBJECT needs it, so no container has to install it.
LIBBPF ?= -l:libbpf.a -lelf -lz
RUN_LDLIBS := $(LIBBPF) -lelf -lfmt
$(eval $(call cxx-program,$(XPOLL_RUN),$(RUN_OBJ) $(TOOLS_UTIL),$(RUN_LDLIBS)))

# make fair: how evenly workers share connections. xpoll-fair runs in a guest, gnuplot on the host.
FAIR := $(BUILD)/xpoll-fair
FAIR_UNIT := $(BUILD)/fair-unit
FAIR_OUT = build/fair/$(KERNEL)
FAIR_OPTIONS ?=

userland preloadtests: $(FAIR)

$(eval $(call tested-program,$(FAIR),$(FAIR_UNIT),tools/fair,$$(TOOLS_CXXFLAGS),$(TOOLS_UTIL) $(LIBXPOLL_STATIC),\
	$(RUN_LDLIBS)))

.PHONY: fair fair-built
fair: setup
	$(AFTER_SETUP) fair-built
fair-built: $(FAIR) userland $(XPOLL_VM) build/$(KERNEL)/xpoll.ko
	$(RM) -r $(FAIR_OUT)
	mkdir -p $(FAIR_OUT)
	packages=$$($(XPOLL_VM) packages nginx wrk) && \
	$(XPOLL_VM) run --kernel $(KERNEL) --module build/$(KERNEL)/xpoll.ko $(GUEST) --timeout 1800 \
		--out $(FAIR_OUT) --log $(FAIR_OUT)/kernel.log -- \
		$(FAIR) --nginx "$$packages" --out /out $(FAIR_OPTIONS)
	gnuplot -e "data='$(FAIR_OUT)/fair.dat'; kernel='$(KERNEL)'" tools/fair/picture.gp >$(FAIR_OUT)/fair.svg
	$(SAY) 'As text, JSON and a picture: $(FAIR_OUT)/fair.txt, fair.json, fair.svg'
