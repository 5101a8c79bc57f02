# SPDX-License-Identifier: GPL-2.0-only
# what: ADD of a watch that ends with its descriptor does not look whether it was closed meanwhile
# file: module/ctl.c
# kernel: 6.1-amd64
# guest: --smp 4
# program: xpoll-selftests
# tests: RaceCloseRemovesTest.Add*
# Adds a pause, because emulated processors that run in turn rarely hit the short window.
/^static noinline int xp_ctl_added_wide(/,/^}/ s/^\tif (wide->owner && !xp_owned_stands(wide, current->files))$/\tif (!wide)/
/^static noinline struct epitem \*xp_ctl_create_wide(/,/^}/ s/= xp_epitem_create_wide(\(.*\));$/= (schedule_timeout_uninterruptible(1), xp_epitem_create_wide(\1));/
