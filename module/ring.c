// SPDX-License-Identifier: GPL-2.0-only
/*
 * The memory of a ready ring, and the slots of its items.
 *
 * The memory belongs to a file of its own, which a mapping holds in place of the instance's file:
 * so the instance ends with its last descriptor though the ring is still mapped. The file frees
 * the pages and gives back what the user was charged.
 */
#include <linux/anon_inodes.h>
#include <linux/capability.h>
#include <linux/err.h>
#include <linux/file.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/overflow.h>
#include <linux/sched/signal.h>
#include <linux/sched/user.h>
#include <linux/slab.h>
#include <linux/stat.h>
#include <linux/vmalloc.h>
#include <net/sock.h>

#include "anonfile.h"
#include "compat.h"
#include "ring.h"
#include "slots.h"
#include "sockof.h"

/* A consumer and the kernel must not write to the same cache line. */
static_assert(offsetof(struct xpoll_ring_header, tail) % SMP_CACHE_BYTES == 0);
static_assert(offsetof(struct xpoll_ring_header, head) % SMP_CACHE_BYTES == 0);
static_assert(sizeof(struct xpoll_ring_header) <= PAGE_SIZE);
/* xp_ring_push() */
static_assert(offsetof(struct xpoll_ring_slot, bits) % sizeof(long) == 0 &&
	      sizeof(struct xpoll_ring_slot) % sizeof(long) == 0);

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
	long locked = atomic_long_add_return(pages, &user->locked_vm);

	if (locked <= limit || capable(CAP_IPC_LOCK))
		return 0;
	atomic_long_sub(pages, &user->locked_vm);
	return -ENOMEM;
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

/* Return: a file with @pages pages of zeroes, for which @user is charged; or -errno. */
static struct file *xp_memory_file(struct user_struct *user, unsigned int pages)
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

int xp_ring_mmap(const struct ep_ring *ring, struct vm_area_struct *vma)
{
	const struct ring_memory *memory = ring->memory->private_data;

	if (!(vma->vm_flags & VM_MAYSHARE) || (vma->vm_flags & VM_EXEC) ||
	    vma->vm_pgoff != XPOLL_RING_OFFSET >> PAGE_SHIFT || vma_pages(vma) > memory->nr)
		return -EINVAL;
	xp_vm_flags_mod(vma, VM_DONTEXPAND | VM_DONTDUMP, VM_MAYEXEC);
	vma->vm_ops = &xp_ring_vm_ops;
	vma_set_file(vma, ring->memory);
	return 0;
}

/* @ring has its memory: set the geometry, for the kernel and for users. */
static void xp_ring_lay_out(struct ep_ring *ring, u32 slots)
{
	const struct ring_memory *memory = ring->memory->private_data;
	struct xpoll_ring_header *header = memory->address;
	size_t index_offset = PAGE_SIZE + slots * sizeof(*ring->slots);

	header->slots = slots;
	header->slots_offset = PAGE_SIZE;
	header->index_offset = index_offset;
	header->size = memory->nr << PAGE_SHIFT;
	ring->header = header;
	ring->slots = memory->address + PAGE_SIZE;
	ring->index = memory->address + index_offset;
	ring->nr = slots;
	INIT_LIST_HEAD(&ring->level);
}

static struct ep_ring *xp_ring_alloc(struct user_struct *user, u32 slots)
{
	size_t size = PAGE_SIZE + slots * (sizeof(struct xpoll_ring_slot) + sizeof(u32));
	struct ep_ring *ring = kzalloc(sizeof(*ring), GFP_KERNEL_ACCOUNT);
	struct file *memory = ERR_PTR(-ENOMEM);

	if (!ring)
		return ERR_CAST(memory);
	ring->ended = kvmalloc_array(slots, sizeof(*ring->ended), GFP_KERNEL_ACCOUNT);
	if (!ring->ended)
		goto free;
	memory = xp_memory_file(user, DIV_ROUND_UP(size, PAGE_SIZE));
	if (!IS_ERR(memory)) {
		ring->memory = memory;
		xp_ring_lay_out(ring, slots);
		return ring;
	}
	kvfree(ring->ended);
free:
	kfree(ring);
	return ERR_CAST(memory);
}

void xp_ring_free(struct ep_ring *ring)
{
	fput(ring->memory);
	kvfree(ring->ended);
	kfree(ring);
}

int xp_ring_make(struct eventpoll *ep, u32 slots, xp_ring_poll_t *poll)
{
	struct ep_ring *ring = xp_ring_alloc(ep->user, slots);
	int err;
	u32 own;

	if (IS_ERR(ring))
		return PTR_ERR(ring);
	/* first, so that a failure leaves nothing that ep's end would not free */
	ring->poll = poll;
	ep->ring = ring;
	mutex_lock(&ep->mtx);
	err = xp_slots_make(ep, slots);
	if (!err) {
		/* slot 0 is that of XPOLL_IOC_POST */
		err = xp_slot_take(ep, NULL, &own);
	}
	mutex_unlock(&ep->mtx);
	return err;
}

/* Protocols whose wake-ups do not depend on what ->poll() did before, as vsock's do. */
static bool xp_ring_is_direct_socket(const struct sock *sk)
{
	switch (sk->sk_family) {
	case AF_UNIX:
		return true;
	case AF_INET:
	case AF_INET6:
		return sk->sk_protocol == IPPROTO_TCP || sk->sk_protocol == IPPROTO_UDP;
	}
	return false;
}

/* Does a wake-up of @file, to which the caller has a reference, tell XP_RING_TOLD well enough? */
static bool xp_ring_is_direct(struct file *file)
{
	const struct sock *sk = xp_sock_of(file);

	if (sk)
		return xp_ring_is_direct_socket(sk);
	return S_ISFIFO(file_inode(file)->i_mode) || xp_is_anon_file(file, "[eventfd]") ||
	       xp_is_anon_file(file, "[timerfd]");
}

/* The most ended slots that an addition looks at: if there are others, and if there are none. */
#define XP_RECLAIM_LOOK 64
#define XP_RECLAIM_SEARCH 1024

/* May a consumer still find the slot in the ring, be taking it, or own it? The item has ended. */
static bool xp_ring_holds(const struct ep_ring *ring, u32 slot, u64 until, u64 taken)
{
	return until > taken || (READ_ONCE(ring->slots[slot].bits) & XPOLL_RING_QUEUED);
}

/*
 * Look at up to @most ended slots, and free those that no consumer holds. The others go to the
 * end of the queue, so that a slot that its owner never releases delays no other one.
 */
static void xp_ring_reclaim(struct eventpoll *ep, u32 most)
{
	struct ep_ring *ring = ep->ring;
	u32 left = min(ring->nr_ended - ring->nr_freed, most);
	u64 taken;

	lockdep_assert_held(&ep->mtx);
	if (!left)
		return;
	spin_lock_irq(&ep->wq.lock);
	taken = xp_ring_taken(ring);
	spin_unlock_irq(&ep->wq.lock);
	while (left--) {
		struct ep_ring_end end = ring->ended[ring->nr_freed++ & (ring->nr - 1)];

		if (xp_ring_holds(ring, end.slot, end.until, taken))
			ring->ended[ring->nr_ended++ & (ring->nr - 1)] = end;
		else
			xp_slot_give(ep, end.slot);
	}
}

static int xp_ring_take_slot(struct eventpoll *ep, struct epitem *epi, u32 *slot)
{
	int err;

	xp_ring_reclaim(ep, XP_RECLAIM_LOOK);
	err = xp_slot_take(ep, epi, slot);
	if (err != -ENOSPC)
		return err;
	xp_ring_reclaim(ep, XP_RECLAIM_SEARCH);
	return xp_slot_take(ep, epi, slot);
}

int xp_ring_join(struct eventpoll *ep, struct epitem *epi)
{
	struct ep_ring_item *item = xp_ring_item(epi);
	int err = xp_ring_take_slot(ep, epi, &item->slot);

	if (err)
		return err;
	item->direct = xp_ring_is_direct(epi->file);
	item->until = 0;
	INIT_LIST_HEAD(&item->level);
	/* a consumer that does not keep the rules may have written since */
	WRITE_ONCE(ep->ring->slots[item->slot].bits, 0);
	WRITE_ONCE(ep->ring->slots[item->slot].data, epi->data);
	return 0;
}

/*
 * A consumer may have taken the slot's number and not yet its bits, or own the slot. In both cases
 * the slot has XPOLL_RING_QUEUED, which that consumer clears, so it stays set for that long: an
 * item that got the slot earlier could be in the array twice, or have two owners. Whoever clears
 * the bit too early harms only this ring.
 */
void xp_ring_leave(struct eventpoll *ep, struct epitem *epi)
{
	struct ep_ring_item *item = xp_ring_item(epi);
	struct ep_ring *ring = ep->ring;
	bool held;

	lockdep_assert_held(&ep->mtx);
	spin_lock_irq(&ep->wq.lock);
	list_del_init(&item->level);
	xp_ring_settle_flags(ep);
	/* nobody adds bits to it any more */
	atomic_and(XPOLL_RING_QUEUED, (atomic_t *)&ring->slots[item->slot].bits);
	held = xp_ring_holds(ring, item->slot, item->until, xp_ring_taken(ring));
	spin_unlock_irq(&ep->wq.lock);

	epi->next = EP_RING_PTR;
	if (!held) {
		xp_slot_give(ep, item->slot);
		return;
	}
	/* there is room for all slots */
	xp_slot_clear(ep, item->slot);
	ring->ended[ring->nr_ended++ & (ring->nr - 1)] = (struct ep_ring_end) {
		.until = item->until,
		.slot = item->slot,
	};
}

void xp_ring_change_locked(struct eventpoll *ep, struct epitem *epi, __poll_t events)
{
	lockdep_assert_held(&ep->mtx);
	spin_lock_irq(&ep->wq.lock);
	WRITE_ONCE(epi->events, events);
	xp_ring_limit(ep->ring, xp_ring_item(epi)->slot, events);
	if (events & (EPOLLET | EPOLLONESHOT)) {
		list_del_init(&xp_ring_item(epi)->level);
		xp_ring_settle_flags(ep);
	}
	spin_unlock_irq(&ep->wq.lock);
}
