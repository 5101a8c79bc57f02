# SPDX-License-Identifier: GPL-2.0-only
# what: an instance with an event of its own may have any number of paths up
# file: module/nest.c
# kernel: 6.1-amd64
# guest: --smp 2
# program: xpoll-selftests
# tests: *NestPost*
s/^\treturn ep->ring || READ_ONCE(ep->tells) || atomic_read(&ep->posters);/\treturn false;/
