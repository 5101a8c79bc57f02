# SPDX-License-Identifier: GPL-2.0-only
# what: everybody may keep the system awake by ENTER or CHANGE
# file: module/ctl.c
# kernel: 6.1-amd64
# guest: --smp 2
# program: xpoll-selftests
# tests: WakeupSourceChangeTest.*
/ int xp_ctl_permit(/,/^}/ s/xp_wakesource_permit(epfile->private_data, events) |/(epfile ? events : 0) |/
