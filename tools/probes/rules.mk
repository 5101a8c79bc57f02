# SPDX-License-Identifier: GPL-2.0-only
# The eBPF tools. bpf/NAME.bpf.c becomes the skeleton "probes/NAME.skel.h". NAME/*.cc and util/*.cc become
# build/host/xpoll-NAME if NAME/main.cc exists. Its man page is man/xpoll-NAME.1.scd.

PROBES_DIR := tools/probes
PROBES_GEN := $(BUILD)/gen/probes
PROBES_OBJ_DIR := $(BUILD)/obj/$(PROBES_DIR)
PROBES_CXXFLAGS := $(TOOLS_CXXFLAGS) -Itools -I$(BUILD)/gen
PROBES_LDLIBS := -lbpf -lfmt

PROBES_BPF := $(patsubst $(PROBES_DIR)/bpf/%.bpf.c,%,$(sort $(wildcard $(PROBES_DIR)/bpf/*.bpf.c)))
PROBES_BPF_OBJ := $(PROBES_BPF:%=$(PROBES_OBJ_DIR)/bpf/%.bpf.o)
PROBES_SKELETONS := $(PROBES_BPF:%=$(PROBES_GEN)/%.skel.h)

# One kernel's types serve all kernels: libbpf relocates field accesses when it loads a program (CO-RE).
# VMLINUX_BTF=FILE uses all types of the kernel in FILE instead of the few types in the tree.
PROBES_TYPES := $(if $(VMLINUX_BTF),$(PROBES_GEN)/types,$(PROBES_DIR)/types)
$(PROBES_GEN)/types/vmlinux.h: $(VMLINUX_BTF)
	@mkdir -p $(@D)
	@$(SAY) "  BTF     $@"
	$(call vmlinux-h,$<) >$@

$(eval $(call bpf-objects,$(PROBES_BPF_OBJ),$(PROBES_OBJ_DIR)/bpf/%.bpf.o,$(PROBES_DIR)/bpf/%.bpf.c,\
	-Itools -I$(PROBES_TYPES) $$(BPF_USER_HEADERS)))
$(PROBES_BPF_OBJ): | $(PROBES_TYPES)/vmlinux.h

$(PROBES_SKELETONS): $(PROBES_GEN)/%.skel.h: $(PROBES_OBJ_DIR)/bpf/%.bpf.o
	@mkdir -p $(@D)
	$(BPFTOOL) gen skeleton $< name $*_bpf >$@

PROBES_TOOLS := $(patsubst $(PROBES_DIR)/%/main.cc,%,$(sort $(wildcard $(PROBES_DIR)/*/main.cc)))
PROBES_BIN := $(PROBES_TOOLS:%=$(BUILD)/xpoll-%)

# $(call probes-objects,DIR): objects of DIR for linking into programs.
probes-objects = $(call library-objects-of,$(PROBES_DIR)/$(1))
PROBES_UTIL_OBJ := $(call probes-objects,util)
# The core of xpoll-path, for other programs that trace events: see path/tracer.h.
PATH_LIB_OBJ := $(call probes-objects,path)

PROBES_SRC := $(sort $(wildcard $(addprefix $(PROBES_DIR)/,util/*.cc $(addsuffix /*.cc,$(PROBES_TOOLS)))))
PROBES_OBJ := $(PROBES_SRC:%.cc=$(BUILD)/obj/%.o)

$(eval $(call host-objects,$(PROBES_OBJ),$$(PROBES_CXXFLAGS)))
$(PROBES_OBJ): | $(PROBES_SKELETONS)

# $(call probes-program,TOOL)
probes-program = $(call cxx-program,$(BUILD)/xpoll-$(1),$(PROBES_OBJ_DIR)/$(1)/main.o $(sort $(call probes-objects,$(1)) \
	$(PROBES_UTIL_OBJ) $(if $(filter compare,$(1)),$(PATH_LIB_OBJ))) $(TOOLS_UTIL),$$(PROBES_LDLIBS))
$(foreach tool,$(PROBES_TOOLS),$(eval $(call probes-program,$(tool))))

# Tests that need no guest.
PROBES_UNIT := $(BUILD)/probes-unit
PROBES_UNIT_OBJ := $(patsubst %.cc,$(BUILD)/obj/%.o,$(filter %_test.cc,$(PROBES_SRC)))
$(eval $(call cxx-program,$(PROBES_UNIT),$(PROBES_UNIT_OBJ) $(sort $(PROBES_UTIL_OBJ) $(foreach \
	tool,$(PROBES_TOOLS),$(call probes-objects,$(tool)))) $(TOOLS_UTIL),$(GTEST_LDLIBS) $$(PROBES_LDLIBS) -pthread))

.PHONY: probes
probes: $(PROBES_BIN)
userland: probes

PROBES_MAN := $(patsubst $(PROBES_DIR)/man/%.scd,build/man/%,$(sort $(wildcard $(PROBES_DIR)/man/*.scd)))
man: $(PROBES_MAN)
$(PROBES_MAN): build/man/%: $(PROBES_DIR)/man/%.scd
	@mkdir -p $(@D)
	scdoc <$< >$@.tmp
	mv $@.tmp $@

tidy/$(PROBES_DIR)/%: TIDY_FLAGS += -Itools -I$(BUILD)/gen

PROBES_INSTALLABLE := $(PROBES_BIN) $(PROBES_MAN)

.PHONY: install-probes
install-probes:
	$(call require-built,$(PROBES_INSTALLABLE))
	install -D -m 755 -t "$(DESTDIR)$(BINDIR)" $(PROBES_BIN)
	install -D -m 644 -t "$(DESTDIR)$(MANDIR)/man1" $(PROBES_MAN)

PROBES_INSTALLED = $(addprefix $(BINDIR)/,$(notdir $(PROBES_BIN))) $(addprefix $(MANDIR)/man1/,$(notdir $(PROBES_MAN)))
uninstall: uninstall-probes
.PHONY: uninstall-probes
uninstall-probes:
	for file in $(PROBES_INSTALLED); do $(RM) "$(DESTDIR)$$file"; done
