// SPDX-License-Identifier: GPL-2.0-only
/*
 * The memory of a ready ring belongs to a file of its own, which a mapping holds in place of the
 * instance's file: so the instance ends with its last descriptor though the ring is still mapped.
 * The file frees the pages and gives back what the user was charged.
 *
 * A page that is still mapped into user space outlives the kernel's own mapping, so each has a
 * reference of its own. vfree() promises nothing about pages that are still in use.
 */
#include <linux/anon_inodes.h>
#include <linux/capability.h>
#include <linux/err.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/sched/signal.h>
#include <linux/sched/user.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

#include <linux/xpoll.h>

#include "mapping.h"
#include "ring.h"
#include "ringmemory.h"

/**
 * struct ring_memory - private_data of its file; constant
 * @pages: an array of @nr
 * @nr: number of pages
 * @address: where the kernel has them
 * @user: the user that is charged, with a reference
 */
struct ring_memory {
	struct page **pages;
	unsigned int nr;
	void *address;
	struct user_struct *user;
};

/* As io_uring and perf count it: for the user, not for the process. Return: 0 or -ENOMEM. */
static int xp_memory_charge(struct user_struct *user, unsigned int pages)
{
	unsigned long limit = rlimit(RLIMIT_MEMLOCK) >> PAGE_SHIFT;
	long locked = atomic_long_read(&user->locked_vm);

	/* never above the limit, not even for a moment: other calls of the user would fail then */
	do {
		if (locked + pages > limit && !capable(CAP_IPC_LOCK))
			return -ENOMEM;
	} while (!atomic_long_try_cmpxchg(&user->locked_vm, &locked, locked + pages));
	return 0;
}

static void xp_memory_free(struct ring_memory *memory)
{
	unsigned int i;

	vunmap(memory->address);
	/* each mapping of a page holds a reference to it */
	for (i = 0; i < memory->nr; i++)
		put_page(memory->pages[i]);
	kvfree(memory->pages);
	kfree(memory);
}

static struct ring_memory *xp_memory_alloc(unsigned int pages)
{
	struct ring_memory *memory = kzalloc(sizeof(*memory), GFP_KERNEL_ACCOUNT);

	if (!memory)
		return NULL;
	memory->pages = kvmalloc_array(pages, sizeof(*memory->pages), GFP_KERNEL_ACCOUNT);
	if (!memory->pages)
		goto free;
	for (; memory->nr < pages; memory->nr++) {
		struct page *page = alloc_page(GFP_KERNEL_ACCOUNT | __GFP_ZERO);

		if (!page)
			goto free;
		memory->pages[memory->nr] = page;
		cond_resched();
	}
	memory->address = vmap(memory->pages, pages, VM_MAP, PAGE_KERNEL);
	if (memory->address)
		return memory;
free:
	xp_memory_free(memory);
	return NULL;
}

static int xp_memory_release(struct inode *inode, struct file *file)
{
	struct ring_memory *memory = file->private_data;

	atomic_long_sub(memory->nr, &memory->user->locked_vm);
	free_uid(memory->user);
	xp_memory_free(memory);
	return 0;
}

static const struct file_operations xp_memory_fops = {
	.owner		= THIS_MODULE,
	.release	= xp_memory_release,
	.llseek		= noop_llseek,
};

struct file *xp_ring_memory_file(struct user_struct *user, unsigned int pages)
{
	struct ring_memory *memory;
	struct file *file;
	int err = xp_memory_charge(user, pages);

	if (err)
		return ERR_PTR(err);
	memory = xp_memory_alloc(pages);
	if (!memory) {
		file = ERR_PTR(-ENOMEM);
		goto uncharge;
	}
	file = anon_inode_getfile("[xpoll-ring]", &xp_memory_fops, memory, O_RDWR);
	if (IS_ERR(file)) {
		xp_memory_free(memory);
		goto uncharge;
	}
	memory->user = get_uid(user);
	return file;

uncharge:
	atomic_long_sub(pages, &user->locked_vm);
	return file;
}

static vm_fault_t xp_ring_fault(struct vm_fault *vmf)
{
	const struct ring_memory *memory = vmf->vma->vm_file->private_data;
	pgoff_t nr = vmf->pgoff - (XPOLL_RING_OFFSET >> PAGE_SHIFT);

	if (nr >= memory->nr)
		return VM_FAULT_SIGBUS;
	vmf->page = memory->pages[nr];
	get_page(vmf->page);
	return 0;
}

static const struct vm_operations_struct xp_ring_vm_ops = {
	.fault = xp_ring_fault,
};

void *xp_ring_memory_address(const struct file *file)
{
	const struct ring_memory *memory = file->private_data;

	return memory->address;
}

int xp_ring_mmap(const struct ep_ring *ring, struct vm_area_struct *vma)
{
	const struct ring_memory *memory = ring->memory->private_data;
	int err;

	if (vma->vm_pgoff != XPOLL_RING_OFFSET >> PAGE_SHIFT || vma_pages(vma) > memory->nr)
		return -EINVAL;
	err = xp_mapping_init(vma);
	if (err)
		return err;
	vma->vm_ops = &xp_ring_vm_ops;
	vma_set_file(vma, ring->memory);
	return 0;
}
