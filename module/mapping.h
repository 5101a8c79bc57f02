/* SPDX-License-Identifier: GPL-2.0-only */
/* What mappings of shared pages have in common. */
#ifndef XPOLL_MAPPING_H
#define XPOLL_MAPPING_H

#include <linux/errno.h>
#include <linux/mm.h>
#include <linux/personality.h>
#include <linux/sched.h>

#include "compat.h"

/*
 * Set up the flags of @vma in ->mmap(): it never grows, and nothing in it is ever executed. mmap()
 * adds PROT_EXEC to PROT_READ by itself if the task has the personality READ_IMPLIES_EXEC; such a
 * task did not ask for it, so it is dropped. Return: 0; or -EINVAL for a private mapping, or with
 * PROT_EXEC.
 */
static inline int xp_mapping_init(struct vm_area_struct *vma)
{
	/* a shared mapping of a file that is open for reading only has no VM_SHARED */
	if (!(vma->vm_flags & VM_MAYSHARE))
		return -EINVAL;
	if ((vma->vm_flags & VM_EXEC) && !(current->personality & READ_IMPLIES_EXEC))
		return -EINVAL;
	xp_vm_flags_mod(vma, VM_DONTEXPAND | VM_DONTDUMP, VM_EXEC | VM_MAYEXEC);
	/* for pages that are inserted at once: mmap() itself does this after ->mmap() */
	vma->vm_page_prot = vm_get_page_prot(vma->vm_flags);
	return 0;
}

#endif /* XPOLL_MAPPING_H */
