# SPDX-License-Identifier: GPL-2.0-only
# what: a wait with XPOLL_ENTER_RESTART takes its signal mask back before the handler runs
# file: module/enter.c
# kernel: 6.1-amd64
# guest: --smp 2
# program: xpoll-selftests
# tests: EnterSignalTest.WithRestart*
s/^\txp_sigmask_restore(n == -EINTR);$/\txp_sigmask_restore(n == -EINTR \&\& !(args.flags \& XPOLL_ENTER_RESTART));/
