# SPDX-License-Identifier: GPL-2.0-only
# what: a set-user-ID program inherits that epoll_create(2) creates instances
# file: module/process.c
# kernel: 6.1-amd64
# guest: --smp 1
# program: xpoll-selftests
# tests: ProcessTest.*xpoll*:ProcessTest.*
s/^\tif (bprm->secureexec)$/\tif (!bprm)/
