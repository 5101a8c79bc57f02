# SPDX-License-Identifier: GPL-2.0-only
# what: a mapping that the personality makes executable stays so
# file: module/mapping.h
# kernel: 6.1-amd64
# guest: --smp 2
# program: xpoll-selftests
# tests: *ReadingImplies*
s/VM_EXEC | VM_MAYEXEC/VM_MAYEXEC/
