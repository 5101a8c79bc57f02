# SPDX-License-Identifier: GPL-2.0-only
# what: a cookie means the next watch in its slot as well
# file: module/slots.c
# kernel: 6.1-amd64
# guest: --smp 1
# program: xpoll-selftests
# tests: CookieTest.*
s/^\tgiven->generation++;$/\tbarrier();/
