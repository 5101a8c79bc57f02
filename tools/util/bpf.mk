# SPDX-License-Identifier: GPL-2.0-only
# How BPF programs are built.

# Debian keeps bpftool where only root looks.
BPFTOOL := PATH="$$PATH:/usr/sbin" bpftool
# The macros that declare a program give each a context, which few read.
BPF_CFLAGS := -target bpf -mcpu=v3 -D__TARGET_ARCH_x86 -O2 -g -Wall -Wextra -Wno-unused-parameter $(WERROR)
# For programs that take the kernel's headers for user space: of these, <asm/types.h> is with the processor's.
BPF_USER_HEADERS := -idirafter /usr/include/x86_64-linux-gnu

# The types of this kernel serve all others: what moved is found when a program is loaded (CO-RE).
VMLINUX_KERNEL := 6.1-amd64
VMLINUX_H := build/host/gen/probes/vmlinux.h
$(VMLINUX_H): build/$(VMLINUX_KERNEL)/kernel-build
	@mkdir -p $(@D)
	@$(SAY) "  BTF     $@"
	headers=$$(cat $<); $(BPFTOOL) btf dump file "$${headers%/headers/*}/vmlinux" format c >$@

# $(eval $(call bpf-objects,OBJECTS,OBJECT PATTERN,SOURCE PATTERN,FLAGS)): each from its source, without debugging
# information but for BTF.
define bpf-objects
$(1): $(2): $(3)
	@mkdir -p $$(@D)
	@$$(SAY) "  BPF     $$<"
	clang $$(BPF_CFLAGS) $(4) -MMD -MP -MF $$(@:.o=.d) -MT $$@ -c -o $$@.unlinked $$<
	$$(BPFTOOL) gen object $$@ $$@.unlinked
-include $(1:.o=.d)
endef
