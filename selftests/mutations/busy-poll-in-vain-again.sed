# SPDX-License-Identifier: GPL-2.0-only
# what: waits poll the network device again after they polled in vain
# file: module/busypoll.c
# kernel: 6.1-amd64
# guest: --smp 2
# program: xpoll-selftests
# tests: BusyPollTest.AfterPollingInVain*
s/^\t\tcmpxchg(&ep->busy.napi_id, napi_id, 0);$/\t\tbarrier();/
