# SPDX-License-Identifier: GPL-2.0-only
# what: a mapping that the personality makes executable is refused
# file: module/mapping.h
# kernel: 6.1-amd64
# guest: --smp 2
# program: xpoll-selftests
# tests: *ReadingImplies*
s/ \&\& !(current->personality \& READ_IMPLIES_EXEC)//
