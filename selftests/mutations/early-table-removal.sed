# SPDX-License-Identifier: GPL-2.0-only
# what: an item leaves the table of watched files before its last touch of the file (CVE-2026-46242)
# file: module/epitem.c
# kernel: 6.1-debug
# guest: --smp 4
# program: xpoll-selftests
# tests: RaceRemoveTest.*xpoll*
# Adds a pause, because emulated processors that run in turn rarely hit the short window.
/^void xp_epitem_detach(/,/^}/ {
	s/^\txp_epitem_unhook(epi);/\txp_watched_del(epi);\n\tschedule_timeout_uninterruptible(1);\n&/
	/^\txp_watched_del(epi);$/d
}
