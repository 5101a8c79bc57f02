# SPDX-License-Identifier: GPL-2.0-only
# build/K/xpoll.ko for kernel K. Each K gets a copy of the source tree in symlinks, since kbuild leaves
# its output beside what it compiles.

MODULE_SRC := Kbuild VERSION $(sort $(wildcard module/*.[ch] module/arch/*/* uapi/linux/*.h))
# A warning is an error: the compiler's, objtool's and modpost's alike.
MODULE_WARNINGS := '[Ww]arning:|WARNING:'

# KDIR, if given to make itself: the build directory of a kernel that is none of ours, such as this machine's.
# K is its release then.
ifeq ($(origin KDIR),command line)
KDIR_RELEASE := $(shell sed -n 's/^.define UTS_RELEASE "\(.*\)"/\1/p' '$(KDIR)/include/generated/utsrelease.h' 2>/dev/null)
ifeq ($(KDIR_RELEASE),)
$(error KDIR=$(KDIR) is not the build directory of a kernel: there is no include/generated/utsrelease.h in it. \
	Install the package linux-headers-RELEASE and take /lib/modules/RELEASE/build)
endif
MODULES := build/$(KDIR_RELEASE)/xpoll.ko
build/$(KDIR_RELEASE)/kernel-build: FORCE
	mkdir -p $(@D)
	readlink -f '$(KDIR)' >$@.new
	cmp --quiet $@.new $@ || cp $@.new $@
	$(RM) $@.new
else
MODULES := $(KERNELS:%=build/%/xpoll.ko)
endif

.PHONY: module
module: $(MODULES)

# Holds the path of the kernel's build directory; changes with the kernel's version only.
build/%/kernel-build: FORCE | $(XPOLL_VM)
	mkdir -p $(@D)
	$(XPOLL_VM) kdir $* >$@.new
	cmp --quiet $@.new $@ || cp $@.new $@
	$(RM) $@.new

.PHONY: FORCE
FORCE:

.PRECIOUS: build/%/kernel-build build/%/xpoll.ko

KBUILD = $(OTHER_MAKE) -C "$$(cat $(@D)/kernel-build)" M=$(CURDIR)/$(@D) W=1 KCFLAGS=-Werror \
	V=$(if $(V),1,0) $(if $(findstring -kmsan/,$(@D)/),CC=clang)

# kbuild describes the module's types (BTF) where the headers have the kernel's own to refer to, as
# 6.1's have not; the kernel's image has. Kernels built for debugging have no BTF at all.
has-btf = readelf --section-headers --wide $(1) 2>/dev/null | grep --quiet ' \.BTF '
add-btf = $(call has-btf,$(1)) || { base=$$($(call btf-base,$(2))) && \
	{ [ -z "$$base" ] || LLVM_OBJCOPY=objcopy \
		pahole --btf_encode --btf_gen_floats --lang_exclude=rust --btf_base="$$base" $(1); }; }
# Prints the file with the types of K's image, if there are any; of a kernel that is none of ours only the
# running one's are at hand.
btf-base = $(if $(filter $(KDIR_RELEASE),$(1)),$(running-btf),$(image-btf))
running-btf = [ "$$(uname -r)" != "$(1)" ] || ls /sys/kernel/btf/vmlinux 2>/dev/null || :
image-btf = image=$$($(XPOLL_VM) image $(1)) && { ! $(call has-btf,"$$image") || echo "$$image"; }

build/%/xpoll.ko: $(MODULE_SRC) build/%/kernel-build
	mkdir -p $(addprefix $(@D)/,$(sort $(dir $(MODULE_SRC))))
	find $(@D) -type l -delete
	for file in $(MODULE_SRC); do ln -s "$(CURDIR)/$$file" "$(@D)/$$file" || exit; done
	$(PLUS)packaging/progress "building $@" $(@D)/build.log $(KBUILD) modules
	! grep -E $(MODULE_WARNINGS) $(@D)/build.log
	$(if $(V),cat $(@D)/build.log)
	$(call add-btf,$@,$*)
	touch $@
