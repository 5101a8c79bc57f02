# SPDX-License-Identifier: GPL-2.0-only
# what: a wait with XPOLL_ENTER_RESTART fails with EINTR after SIGSTOP and SIGCONT
# file: module/enter.c
# kernel: 6.1-amd64
# guest: --smp 1
# program: xpoll-selftests
# tests: EnterRestartTest.*
s/^\t\treturn -ERESTARTNOHAND;$/\t\treturn -EINTR;/
