# SPDX-License-Identifier: GPL-2.0-only
# xpoll-top additionally needs the terminal library.

$(BUILD)/xpoll-top $(PROBES_UNIT): PROBES_LDLIBS += -lncursesw -ltinfo
