# SPDX-License-Identifier: GPL-2.0-only
# What xpoll-compare needs beyond the other tools: the names of system calls.

build/host/xpoll-compare $(PROBES_UNIT): PROBES_LDLIBS += -lseccomp
