# SPDX-License-Identifier: GPL-2.0-only
# what: a wait polls the network device under the instance's mutex
# file: module/wait.c
# kernel: 6.1-amd64
# guest: --smp 2
# program: xpoll-selftests
# tests: BusyPollTest.OtherCalls*
s/^\t\t\txp_busy_poll(ep, &end);$/\t\t{\n\t\t\tmutex_lock(\&ep->mtx);\n\t\t\txp_busy_poll(ep, \&end);\n\t\t\tmutex_unlock(\&ep->mtx);\n\t\t}/
