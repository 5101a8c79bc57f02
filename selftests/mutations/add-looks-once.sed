# SPDX-License-Identifier: GPL-2.0-only
# what: an ADD that found its instance not watched does not look again
# file: module/link.h
# kernel: 6.1-amd64
# guest: --smp 2
# program: xpoll-selftests
# tests: NestHalvesTest.*xpoll*:*/NestHalvesTest.*xpoll*
# Adds a pause between the two looks.
/^static __always_inline bool xp_epitem_link(/,/^}/{
	s/^\tmutex_lock(&ep->tree_mutex);$/\tif (!nested)\n\t\tschedule_timeout_uninterruptible(1);\n&/
	s/^\tif (!nested && unlikely(xp_is_nested(ep))) {$/\tif (0) {/
}
