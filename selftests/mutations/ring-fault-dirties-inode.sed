# SPDX-License-Identifier: GPL-2.0-only
# what: a fault of a ring returns its page to the kernel, which counts the write
# file: module/ringmemory.c
# kernel: 6.1-amd64
# guest: --smp 2
# program: xpoll-selftests
# tests: RingAbiTest.*
s/return vmf_insert_page(vmf->vma, vmf->address, memory->pages\[nr\]);/vmf->page = memory->pages[nr]; get_page(vmf->page); return 0;/
