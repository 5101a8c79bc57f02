// SPDX-License-Identifier: GPL-2.0-only
#include <linux/bpf.h>
#include <linux/capability.h>
#include <linux/err.h>
#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/mman.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "compat.h"
#include "compat_bpf.h"
#include "deadline.h"
#include "mapping.h"
#include "wake.h"

static_assert(sizeof(struct xpoll_worker) * XPOLL_WORKERS_MAX <= PAGE_SIZE);

struct ep_wake *xp_wake_alloc(void)
{
	struct ep_wake *wake = kzalloc(sizeof(*wake), GFP_KERNEL_ACCOUNT);

	if (!wake)
		return NULL;
	wake->workers = (void *)get_zeroed_page(GFP_KERNEL_ACCOUNT);
	if (!wake->workers) {
		kfree(wake);
		return NULL;
	}
	refcount_set(&wake->refcount, 1);
	mutex_init(&wake->lock);
	wake->peers = RB_ROOT;
	return wake;
}

static void xp_prog_put(struct bpf_prog *prog)
{
	/* the program is freed a grace period later: it may be running */
	if (prog)
		bpf_prog_put(prog);
}

void xp_wake_put(struct ep_wake *wake)
{
	if (!wake || !refcount_dec_and_test(&wake->refcount))
		return;
	WARN_ON_ONCE(!RB_EMPTY_ROOT(&wake->peers));
	xp_prog_put(rcu_dereference_protected(wake->prog, true));
	/* mappings of the page hold references to it */
	free_page((unsigned long)wake->workers);
	mutex_destroy(&wake->lock);
	kfree(wake);
}

/* Whoever may load such a program may also have it run here. */
static struct bpf_prog *xp_prog_get(int fd)
{
	struct bpf_prog *prog;

	if (!bpf_capable() || !perfmon_capable())
		return ERR_PTR(-EPERM);
	prog = bpf_prog_get_type_dev(fd, BPF_PROG_TYPE_RAW_TRACEPOINT, false);
	/* it would run under spinlocks, and is freed without regard to plain RCU */
	if (!IS_ERR(prog) && xp_prog_sleeps(prog)) {
		bpf_prog_put(prog);
		return ERR_PTR(-EINVAL);
	}
	return prog;
}

int xp_wake_request(struct xp_wake_request *request, const void __user *argp)
{
	struct xpoll_wake *args = &request->args;

	request->prog = NULL;
	if (copy_from_user(args, argp, sizeof(*args)))
		return -EFAULT;
	if (args->policy > XPOLL_WAKE_BPF || memchr_inv(args->reserved, 0, sizeof(args->reserved)))
		return -EINVAL;
	if (args->policy == XPOLL_WAKE_BPF)
		request->prog = xp_prog_get(args->prog_fd);
	else if (args->prog_fd)
		return -EINVAL;
	return PTR_ERR_OR_ZERO(request->prog);
}

void xp_wake_drop(struct xp_wake_request *request)
{
	xp_prog_put(request->prog);
}

void xp_wake_apply(struct ep_wake *wake, struct xp_wake_request *request)
{
	struct bpf_prog *old;

	mutex_lock(&wake->lock);
	WRITE_ONCE(wake->clock_offset_ns, xp_time_offset());
	WRITE_ONCE(wake->heartbeat_ns, request->args.heartbeat_ns);
	old = rcu_replace_pointer(wake->prog, request->prog, lockdep_is_held(&wake->lock));
	WRITE_ONCE(wake->policy, request->args.policy);
	mutex_unlock(&wake->lock);
	xp_prog_put(old);
}

int xp_wake_mmap(const struct ep_wake *wake, struct vm_area_struct *vma)
{
	int err;

	if (!wake)
		return -ENODEV;
	if (vma->vm_pgoff || vma->vm_end - vma->vm_start != PAGE_SIZE)
		return -EINVAL;
	err = xp_mapping_init(vma);
	return err ?: vm_insert_page(vma, vma->vm_start, virt_to_page(wake->workers));
}

/*
 * With MAP_FIXED, mmap() unmaps the old range before it calls ->mmap(). For a file that
 * can't be mapped, such as native epoll's, it fails before that; fail here to do the
 * same.
 */
unsigned long xp_wake_unmapped_area(const struct ep_wake *wake, struct file *file,
				    unsigned long addr, unsigned long len, unsigned long pgoff,
				    unsigned long flags)
{
	if (!wake && (flags & MAP_FIXED))
		return -ENODEV;
	return xp_unmapped_area(file, addr, len, pgoff, flags);
}
