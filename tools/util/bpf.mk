# SPDX-License-Identifier: GPL-2.0-only
# How BPF programs are built.

# Debian keeps bpftool where only root looks.
BPFTOOL := PATH="$$PATH:/usr/sbin" bpftool
# The macros that declare a program give each a context, which few read.
BPF_CFLAGS := -target bpf -mcpu=v3 -D__TARGET_ARCH_x86 -O2 -g -Wall -Wextra -Wno-unused-parameter $(WERROR)
# For programs that take the kernel's headers for user space: of these, <asm/types.h> is with the processor's.
BPF_USER_HEADERS := -idirafter /usr/include/x86_64-linux-gnu

# $(call vmlinux-h,FILE): the types in a file with BTF as a header, on standard output.
vmlinux-h = $(BPFTOOL) btf dump file $(1) format c

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
