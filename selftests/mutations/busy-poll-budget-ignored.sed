# SPDX-License-Identifier: GPL-2.0-only
# what: busy polling ignores the budget
# file: module/busypoll.c
# kernel: 6.1-amd64
# guest: --smp 2
# program: xpoll-selftests
# tests: BusyPollXpollTest.TheBudget*
s/^\tu16 budget = READ_ONCE(ep->busy.budget) ?: BUSY_POLL_BUDGET;$/\tu16 budget = BUSY_POLL_BUDGET;/
