# SPDX-License-Identifier: GPL-2.0-only
# what: POST wakes nobody if its event is pending
# file: module/callback.c
# kernel: 6.1-amd64
# guest: --smp 2
# program: xpoll-selftests
# tests: PostTest.*
/^bool xp_callback_post/,/^}/ s/^\txp_queue_item(ep, epi);$/\tif (!list_empty(\&epi->rdllink))\n\t\treturn xp_has_pollers(ep);\n&/
