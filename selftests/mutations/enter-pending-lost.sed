# SPDX-License-Identifier: GPL-2.0-only
# what: events of changes whose results cannot be stored are lost
# file: module/changes.c
# kernel: 6.1-amd64
# guest: --smp 2
# program: xpoll-selftests
# tests: EnterChangeTest.*CannotBeWritten*:EnterDeliverTest.*
/^\tif (n)$/,/list_pending/ s/xp_batch_list_pending(batch, 0);/batch->npending = 0;/
