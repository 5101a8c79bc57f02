# SPDX-License-Identifier: GPL-2.0-only
# what: a scan that is under way delivers the events of a descriptor that was closed
# file: module/owned.c
# kernel: 6.1-amd64
# guest: --smp 2
# program: xpoll-selftests
# tests: CloseRemovesHeldTest.*
/^static void xp_owned_end(/,/^}/ s/^\txp_owned_disarm(.*/\tbarrier();/
