# SPDX-License-Identifier: GPL-2.0-only
# How BPF programs are built.

# Debian installs bpftool in a directory that is only in root's PATH.
BPFTOOL := PATH="$$PATH:/usr/sbin" bpftool
# The macros that declare a program add a context parameter that many programs do not use.
# BTF names the sources, whose directory must not show in what is installed: packages are built reproducibly.
BPF_CFLAGS := -target bpf -mcpu=v3 -D__TARGET_ARCH_$(if $(filter arm64,$(PROGRAM_ARCH)),arm64,x86) -O2 -g \
	-ffile-compilation-dir=. -Wall -Wextra -Wno-unused-parameter $(WERROR)
# For programs that include the kernel's user-space headers, which need the <asm/*.h> of the programs' architecture.
BPF_USER_HEADERS = -idirafter $(SYSROOT)/usr/include/$(PROGRAM_TRIPLET)

# $(call vmlinux-h,FILE): prints a header with the types of a file that has BTF.
vmlinux-h = $(BPFTOOL) btf dump file $(1) format c

# $(eval $(call bpf-objects,OBJECTS,OBJECT PATTERN,SOURCE PATTERN,FLAGS)): rules that build each object from its
# source, stripped of debugging information except BTF.
define bpf-objects
$(1): $(2): $(3)
	@mkdir -p $$(@D)
	@$$(SAY) "  BPF     $$<"
	clang $$(BPF_CFLAGS) $(4) -MMD -MP -MF $$(@:.o=.d) -MT $$@ -c -o $$@.unlinked $$<
	$$(BPFTOOL) gen object $$@ $$@.unlinked
-include $(1:.o=.d)
endef
