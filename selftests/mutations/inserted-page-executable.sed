# SPDX-License-Identifier: GPL-2.0-only
# what: the page of the table of workers is mapped as the mapping was before its flags changed
# file: module/mapping.h
# kernel: 6.1-amd64
# guest: --smp 2
# program: xpoll-selftests
# tests: *ReadingImplies*
s/^\tvma->vm_page_prot = .*$/\tbarrier();/
