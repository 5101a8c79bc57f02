# SPDX-License-Identifier: GPL-2.0-only
# Programs for another architecture: clang compiles them with the headers and libraries of the guest's root.

ifneq ($(ARCH),amd64)
TRIPLET := aarch64-linux-gnu
SYSROOT_MK := $(BUILD)/sysroot.mk

# Says where the root is. make builds it first, and starts again.
ifneq ($(filter-out help setup clean known-accelerator,$(GOALS)),)
include $(SYSROOT_MK)
endif

TARGET := --target=$(TRIPLET) --sysroot=$(SYSROOT)
override CXX := clang++ $(TARGET)
override CC := clang $(TARGET)
override AR := $(TRIPLET)-ar
endif
