# SPDX-License-Identifier: GPL-2.0-only
# what: everybody may keep the system awake by a MOD of ENTER
# file: module/changes.c
# kernel: 6.1-amd64
# guest: --smp 2
# program: xpoll-selftests
# tests: WakeupSourceChangeTest.*
s/^\tevents = xp_wakesource_permit(ep, events) | EPOLLERR | EPOLLHUP;$/\tevents = events | EPOLLERR | EPOLLHUP;/
