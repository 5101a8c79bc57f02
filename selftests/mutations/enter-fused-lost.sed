# SPDX-License-Identifier: GPL-2.0-only
# what: events of changes whose results cannot be stored are lost
# file: module/changes.c
# kernel: 6.1-amd64
# guest: --smp 2
# program: xpoll-selftests
# tests: EnterChangeTest.*CannotBeWritten*:EnterFuseTest.*
/^\tif (n)$/,/unfuse/ s/xp_batch_unfuse(batch, 0);/batch->nfused = 0;/
