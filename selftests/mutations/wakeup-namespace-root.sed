# SPDX-License-Identifier: GPL-2.0-only
# what: root of a user namespace may keep the system awake
# file: module/wakesource.c
# kernel: 6.1-amd64
# guest: --smp 1
# program: xpoll-selftests
# tests: WakeupSourceTest.RootOf*xpoll*
s/ && capable(CAP_BLOCK_SUSPEND);/ \&\& ns_capable(current_user_ns(), CAP_BLOCK_SUSPEND);/
