# SPDX-License-Identifier: GPL-2.0-only
# Programs for another architecture: clang compiles them with the headers and libraries of the guest's root.

OBJCOPY ?= objcopy
# The processor of the programs in BUILD. A packager who compiles for another machine names that.
ifndef PROGRAM_ARCH
PROGRAM_ARCH := $(if $(filter arm64,$(ARCH))$(filter aarch64,$(shell uname -m)),arm64,amd64)
endif
PROGRAM_TRIPLET := $(if $(filter arm64,$(PROGRAM_ARCH)),aarch64,x86_64)-linux-gnu
ifneq ($(ARCH),amd64)
SYSROOT_MK := $(BUILD)/sysroot.mk

# What "make setup" installs besides, for programs and guests of this architecture.
CROSS_SETUP := qemu-system-arm binutils-$(PROGRAM_TRIPLET)

# Says where the root is. make builds it first, and starts again. But these goals run setup before they build anything.
SETUP_FIRST := help setup clean known-accelerator run shell check check-unit check-guest check-load check-preload \
	check-fuzz check-probes fuzz
ifneq ($(filter-out $(SETUP_FIRST),$(GOALS)),)
include $(SYSROOT_MK)
endif

TARGET := --target=$(PROGRAM_TRIPLET) --sysroot=$(SYSROOT)
override CXX := clang++ $(TARGET)
override CC := clang $(TARGET)
override AR := $(PROGRAM_TRIPLET)-ar
override OBJCOPY := $(PROGRAM_TRIPLET)-objcopy
endif
