# SPDX-License-Identifier: GPL-2.0-only
# The trampolines save the hooked function's arguments, so decide.c is compiled as any other file.
xp-have-y += -DXP_HAVE_DECIDERS
