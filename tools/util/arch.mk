# SPDX-License-Identifier: GPL-2.0-only
# Programs for another architecture: clang compiles them with the headers and libraries of the guest's root.

OBJCOPY ?= objcopy
ifneq ($(ARCH),amd64)
TRIPLET := aarch64-linux-gnu
SYSROOT_MK := $(BUILD)/sysroot.mk

# What "make setup" installs besides, for programs and guests of this architecture.
CROSS_SETUP := qemu-system-arm binutils-$(TRIPLET)

# Says where the root is. make builds it first, and starts again. But these goals run setup before they build anything.
SETUP_FIRST := help setup clean known-accelerator run shell check check-unit check-guest check-load check-preload \
	check-fuzz fuzz
ifneq ($(filter-out $(SETUP_FIRST),$(GOALS)),)
include $(SYSROOT_MK)
endif

TARGET := --target=$(TRIPLET) --sysroot=$(SYSROOT)
override CXX := clang++ $(TARGET)
override CC := clang $(TARGET)
override AR := $(TRIPLET)-ar
override OBJCOPY := $(TRIPLET)-objcopy
endif
