# SPDX-License-Identifier: GPL-2.0-only
# xpoll-compare additionally needs the names of system calls.

$(BUILD)/xpoll-compare $(PROBES_UNIT): PROBES_LDLIBS += -lseccomp
