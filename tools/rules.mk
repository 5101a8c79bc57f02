# SPDX-License-Identifier: GPL-2.0-only
# The programs that show and measure xpoll.

DEMO_SRC := $(sort $(wildcard tools/demo/*.cc))
DEMO_OBJ := $(DEMO_SRC:%.cc=build/host/obj/%.o)
# The scripts find the programs beside them.
DEMO := build/host/xpoll-demo build/host/xpoll-demo-guest build/host/xpoll-demo-host

.PHONY: demo
demo: $(DEMO) $(EXAMPLES)

$(eval $(call host-objects,$(DEMO_OBJ),$$(TOOLS_CXXFLAGS)))

$(eval $(call cxx-program,build/host/xpoll-demo,$(DEMO_OBJ) $(TOOLS_UTIL),-lfmt))

build/host/xpoll-demo-guest build/host/xpoll-demo-host: build/host/xpoll-demo-%: tools/demo/%.sh
	@mkdir -p $(@D)
	install -m 755 $< $@

XPOLL_RUN := build/host/xpoll-run
RUN_SRC := $(sort $(wildcard tools/run/*.cc))
RUN_OBJ := $(RUN_SRC:%.cc=build/host/obj/%.o)
RUN_VERSION := build/host/gen/run/version.cc
RUN_VERSION_OBJ := build/host/obj/tools/run/version.o

userland preloadtests: $(XPOLL_RUN) $(PRELOAD)

$(eval $(call host-objects,$(RUN_OBJ),$$(TOOLS_CXXFLAGS)))

# Written anew only if it changes.
$(RUN_VERSION): FORCE
	@mkdir -p $(@D)
	printf '#include "tools/run/version.h"\nconst char* const run::version = "%s";\n' \
		'$(LIBXPOLL_VERSION)' >$@.new
	cmp -s $@.new $@ && rm $@.new || mv $@.new $@

$(RUN_VERSION_OBJ): $(RUN_VERSION) tools/run/version.h
	@mkdir -p $(@D)
	$(CXX) $(TOOLS_CXXFLAGS) -c -o $@ $<

# Static, so that --wake bpf:OBJECT alone has a need of libbpf, and no container has to install it.
RUN_LDLIBS := -l:libbpf.a -lelf -lz -lfmt
$(eval $(call cxx-program,$(XPOLL_RUN),$(RUN_OBJ) $(RUN_VERSION_OBJ) $(TOOLS_UTIL),$(RUN_LDLIBS)))
