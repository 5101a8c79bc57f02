# SPDX-License-Identifier: GPL-2.0-only
# build/host/xpoll-preloadtests, and the programs that it runs natively and under xpoll-run.

PRELOADTESTS_BIN := $(BUILD)/xpoll-preloadtests
# The calls' tests come last: once a process has opted in, the kernel is hooked until the module is unloaded.
PRELOADTESTS_LAST := selftests/preload/calls_test.cc
PRELOADTESTS_SRC := $(filter-out $(PRELOADTESTS_LAST),$(sort $(wildcard selftests/preload/*.cc))) $(PRELOADTESTS_LAST)
PRELOADTESTS_OBJ := $(PRELOADTESTS_SRC:%.cc=$(BUILD)/obj/%.o)

# In the directory of the tests, where these look for them.
VICTIM := $(BUILD)/preload-victim
VICTIM_STATIC := $(BUILD)/preload-victim-static
VICTIM_GO := $(BUILD)/preload-victim-go
VICTIM32 := $(BUILD)/preload-victim32
VICTIM32_SRC := selftests/preload/victim32/victim32.cc
VICTIM_EARLY := $(BUILD)/preload-early.so
VICTIM_UNVERSIONED := $(BUILD)/preload-early-unversioned.so
VICTIM_SRC := $(sort $(wildcard selftests/preload/victim/*.cc))
VICTIM_OBJ := $(VICTIM_SRC:%.cc=$(BUILD)/obj/%.o)
# An empty program, and an empty library through which it needs liburing.
VICTIM_RING := $(BUILD)/preload-victim-ring
VICTIM_RING_DIR := $(BUILD)/preload-ring
VICTIM_EARLY_SRC := selftests/preload/early/early.cc
VICTIM_EARLY_OBJ := $(VICTIM_EARLY_SRC:%.cc=$(BUILD)/obj/%.o)

# BPF programs for xpoll-run --wake.
CHOOSERS := $(patsubst selftests/preload/choosers/%.c,$(BUILD)/preload-choosers/%.o,\
	$(sort $(wildcard selftests/preload/choosers/*.bpf.c)))

.PHONY: preloadtests
preloadtests: $(PRELOADTESTS_BIN) $(CHOOSERS) $(WAKE_PROGRAMS) $(VICTIM) $(VICTIM_STATIC) $(VICTIM_GO) $(VICTIM32) $(VICTIM_EARLY) $(VICTIM_UNVERSIONED) $(VICTIM_RING) $(ABI32_BIN)
userland: preloadtests

$(eval $(call host-objects,$(PRELOADTESTS_OBJ) $(VICTIM_OBJ),$$(SELFTESTS_CXXFLAGS)))

$(eval $(call cxx-objects,$(VICTIM_EARLY_OBJ),$$(SELFTESTS_CXXFLAGS) -fPIC))

$(eval $(call cxx-program,$(PRELOADTESTS_BIN),$(PRELOADTESTS_OBJ) $(SELFTESTS_UTIL) $(TOOLS_UTIL),\
	$$(SELFTESTS_LDLIBS)))

$(eval $(call cxx-program,$(VICTIM),$(VICTIM_OBJ) $(SELFTESTS_UTIL) $(TOOLS_UTIL),-pthread))

$(eval $(call cxx-program,$(VICTIM_STATIC),$(VICTIM_OBJ) $(SELFTESTS_UTIL) $(TOOLS_UTIL),-static -pthread))

# Has what shows that Go's linker produced a program.
$(VICTIM_GO): $(VICTIM)
	$(OBJCOPY) --add-section .go.buildinfo=VERSION $< $@

$(VICTIM32): $(VICTIM32_SRC)
	@mkdir -p $(@D)
	@$(SAY) "  LD      $@"
	$(CXX) $(ABI32_CXXFLAGS) -o $@ $< $(ABI32_LDFLAGS)

$(eval $(call cxx-program,$(VICTIM_EARLY),$(VICTIM_EARLY_OBJ),-shared))

$(eval $(call bpf-objects,$(CHOOSERS),$(BUILD)/preload-choosers/%.bpf.o,selftests/preload/choosers/%.bpf.c,\
	$$(BPF_USER_HEADERS) $$(USERLIB_INCLUDES) -I$(BUILD)/gen/choosers))
$(CHOOSERS): | $(BUILD)/gen/choosers/vmlinux.h

# Like an author of such a program, use all types of a kernel.
$(BUILD)/gen/choosers/vmlinux.h: build/6.1-amd64/kernel-build
	@mkdir -p $(@D)
	@$(SAY) "  BTF     $@"
	headers=$$(cat $<); $(call vmlinux-h,"$${headers%/headers/*}/vmlinux") >$@

$(VICTIM_RING_DIR)/liburing.so.2:
	@mkdir -p $(@D)
	$(CC) -shared -nostdlib -Wl,-soname,$(@F) -o $@ -x c /dev/null

$(VICTIM_RING_DIR)/libindirect.so: $(VICTIM_RING_DIR)/liburing.so.2
	$(CC) -shared -nostdlib -Wl,-soname,$(@F) -Wl,-rpath,'$$ORIGIN' -o $@ -Wl,--no-as-needed $<

$(VICTIM_RING): $(VICTIM_OBJ) $(SELFTESTS_UTIL) $(TOOLS_UTIL) $(VICTIM_RING_DIR)/libindirect.so
	@$(SAY) "  LD      $@"
	$(CXX) -Wl,-rpath,'$$ORIGIN/preload-ring' -Wl,--no-as-needed -o $@ $^ -pthread

# Linked without the C library, so that it requires no version of it.
$(VICTIM_UNVERSIONED): $(VICTIM_EARLY_OBJ)
	@$(SAY) "  LD      $@"
	$(CXX) -shared -nostdlib -o $@ $^

# One row of the summary per kernel.
PRELOAD_ROWS := $(if $(TESTS),,$(KERNELS:%=guest/%-preload))
preload-row = $(PRELOADTESTS_BIN)
$(eval $(call guest-row,preload,$$(MODULE_GUEST)))
$(eval $(call check-target,check-preload,preloadtests module $(XPOLL_VM),$(PRELOAD_ROWS)))
