# SPDX-License-Identifier: GPL-2.0-only
# What xpoll-top needs beyond the other tools: the terminal's screen.

build/host/xpoll-top $(PROBES_UNIT): PROBES_LDLIBS += -lncursesw -ltinfo
