# SPDX-License-Identifier: GPL-2.0-only
# what: an ADD of an instance holds the mutex of all nesting while it calls ->poll()
# file: module/ctl.c
# kernel: 6.1-amd64
# guest: --smp 2
# program: xpoll-selftests
# tests: NestWaitTest.AnAddOfAFile*
/^static int xp_ctl_insert_locked(/,/^}/s/^\txp_nest_unlock();$/\tif (!err) {\n\t\terr = xp_ctl_arm(ep, epi, change, flags, instance, found);\n\t\txp_nest_unlock();\n\t\treturn err;\n\t}\n&/
