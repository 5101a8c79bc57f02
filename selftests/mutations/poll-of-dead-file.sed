# SPDX-License-Identifier: GPL-2.0-only
# what: a scan polls a file whose last reference is gone (CVE-2024-38580)
# file: module/compat_file.h
# kernel: 6.1-debug
# guest: --smp 4
# program: xpoll-selftests
# tests: RaceRemoveTest.ScanAndLastClose*xpoll*:RaceChurnTest.FilesThatComeAndGo*xpoll*
s/^\treturn atomic_long_inc_not_zero(&file->f_count);$/\tatomic_long_inc(\&file->f_count);\n\treturn true;/
