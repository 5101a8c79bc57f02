# SPDX-License-Identifier: GPL-2.0-only
# what: a scan that holds the last reference to a file keeps it while the task sleeps
# file: module/poll.h
# kernel: 6.1-amd64
# guest: --smp 2
# program: xpoll-selftests
# tests: *LifetimeScanTest.*xpoll*
s/^\t\txp_lastref_keep(epi);$/\t\tfput(epi->file);/
