// SPDX-License-Identifier: GPL-2.0-only
/*
 * A table with an entry for each thread-group ID that the kernel can give. A fork must not lose
 * what the parent has, and a tracepoint's probe may run with preemption disabled, where PREEMPT_RT
 * can't allocate memory. So the whole table is allocated at once when the first process opts in.
 *
 * An entry is written by the process itself (the ioctl, an exec), by its last thread's exit, or
 * by the fork before the process runs. The ID is not given again before all threads have gone
 * through the probe of their exit. So an entry never outlives its process.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/binfmts.h>
#include <linux/cache.h>
#include <linux/overflow.h>
#include <linux/rcupdate.h>
#include <linux/refcount.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/threads.h>
#include <linux/tracepoint.h>
#include <linux/vmalloc.h>
#include <linux/workqueue.h>
#include <linux/xarray.h>

#include <linux/xpoll.h>

#include "group.h"
#include "process.h"

/* Values of an entry. All others are keys of xp_optins. */
#define EP_OUT 0
#define EP_WITHOUT_GROUP 1
/* Bit of an entry: the process creates instances with XPOLL_CREATE_CLOSE_REMOVES. */
#define EP_CLOSE_REMOVES BIT(31)
static_assert(!(INT_MAX & EP_CLOSE_REMOVES));

/**
 * struct ep_optin - the processes that opted in with a group, and those that they forked
 * @processes: number of entries of the table that have @key
 * @key: found by it in xp_optins; not used anew before a grace period has passed
 * @group: one reference
 * @end: removes it from xp_optins and frees it, a grace period after the last process
 */
struct ep_optin {
	refcount_t processes;
	u32 key;
	struct ep_group *group;
	struct rcu_work end;
};

/* A line of its own: every fork and exit of a process that is in writes it. */
atomic_t xp_processes ____cacheline_aligned_in_smp = ATOMIC_INIT(0);

/* By thread-group ID. Allocated when the first process opts in. */
static u32 *xp_table;
static struct workqueue_struct *xp_process_wq;
static DEFINE_XARRAY_FLAGS(xp_optins, XA_FLAGS_ALLOC | XA_FLAGS_ACCOUNT);

static void xp_optin_free(struct ep_optin *optin)
{
	xa_erase(&xp_optins, optin->key);
	xp_group_put(optin->group);
	kfree(optin);
}

static void xp_optin_end(struct work_struct *work)
{
	xp_optin_free(container_of(to_rcu_work(work), struct ep_optin, end));
}

/* Takes over the reference to @group. Return: the key of a new ep_optin, or -errno. */
static int xp_optin_create(struct ep_group *group)
{
	struct ep_optin *optin = kzalloc(sizeof(*optin), GFP_KERNEL_ACCOUNT);
	int err = -ENOMEM;

	if (!optin)
		goto put_group;
	refcount_set(&optin->processes, 1);
	optin->group = group;
	INIT_RCU_WORK(&optin->end, xp_optin_end);
	err = xa_alloc(&xp_optins, &optin->key, optin, XA_LIMIT(EP_WITHOUT_GROUP + 1, INT_MAX),
		       GFP_KERNEL);
	if (!err)
		return optin->key;
	kfree(optin);
put_group:
	xp_group_put(group);
	return err;
}

/* One more process with @entry. Under RCU. Return: false if its last process has gone. */
static bool xp_optin_get(u32 entry)
{
	struct ep_optin *optin;

	entry &= ~EP_CLOSE_REMOVES;
	if (entry == EP_WITHOUT_GROUP)
		return true;
	optin = xa_load(&xp_optins, entry);
	return optin && refcount_inc_not_zero(&optin->processes);
}

static void xp_optin_put(u32 entry)
{
	struct ep_optin *optin;

	entry &= ~EP_CLOSE_REMOVES;
	if (entry <= EP_WITHOUT_GROUP)
		return;
	optin = xa_load(&xp_optins, entry);
	if (refcount_dec_and_test(&optin->processes))
		queue_rcu_work(xp_process_wq, &optin->end);
}

/*
 * Other threads of the process may set it at the same time. The count is raised first, so that it
 * is never below the number of entries.
 *
 * Return: the entry of @tgid before.
 */
static u32 xp_entry_set(pid_t tgid, u32 entry)
{
	u32 before;

	if (entry)
		atomic_inc(&xp_processes);
	before = xchg(&xp_table[tgid], entry);
	if (before)
		atomic_dec(&xp_processes);
	xp_optin_put(before);
	return before;
}

/*
 * As xp_entry_set(), by the process itself. If the entry before needs a grace period to end, wait
 * for one, so that a loop creates entries no faster than they end.
 */
static u32 xp_entry_replace(u32 entry)
{
	u32 before = xp_entry_set(current->tgid, entry);

	if ((before & ~EP_CLOSE_REMOVES) > EP_WITHOUT_GROUP)
		synchronize_rcu();
	return before;
}

static noinline void xp_process_inherit(const struct task_struct *parent,
					const struct task_struct *child)
{
	u32 entry;

	if (child->tgid == parent->tgid)
		return;
	rcu_read_lock();
	do {
		/* again only if another thread of the parent has just set it anew */
		entry = READ_ONCE(xp_table[parent->tgid]);
	} while (entry && !xp_optin_get(entry));
	if (entry)
		xp_entry_set(child->tgid, entry);
	rcu_read_unlock();
}

static noinline void xp_process_thread_exit(const struct task_struct *task)
{
	if (!atomic_read(&task->signal->live))
		xp_entry_set(task->tgid, EP_OUT);
}

/*
 * Every fork and exit on the machine asks this. A READ_ONCE() costs an instruction more, and so
 * does what happens to the processes that are in, if it is in line.
 */
static __always_inline bool xp_may_be_in(const struct task_struct *task)
{
	/* a thread of the process that sets the entry at this time may come before or after */
	return unlikely(data_race(xp_table[task->tgid]));
}

static void xp_process_fork(void *unused, struct task_struct *parent, struct task_struct *child)
{
	if (xp_may_be_in(parent))
		xp_process_inherit(parent, child);
}

static void xp_process_exec(void *unused, struct task_struct *task, pid_t old_pid,
			    struct linux_binprm *bprm)
{
	if (bprm->secureexec)
		xp_entry_set(task->tgid, EP_OUT);
}

static void xp_process_exit(void *unused, struct task_struct *task)
{
	if (xp_may_be_in(task))
		xp_process_thread_exit(task);
}

static struct xp_probe {
	const char *name;
	void *probe;
	struct tracepoint *tp;
} probes[] = {
	{ "sched_process_exit", xp_process_exit },
	{ "sched_process_exec", xp_process_exec },
	{ "sched_process_fork", xp_process_fork },
};

static void xp_probe_match(struct tracepoint *tp, void *unused)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(probes); i++) {
		if (!strcmp(tp->name, probes[i].name))
			probes[i].tp = tp;
	}
}

static int xp_probe_register(const struct xp_probe *probe)
{
	int err = -ENOENT;

	if (probe->tp)
		err = tracepoint_probe_register(probe->tp, probe->probe, NULL);
	if (err)
		pr_notice("can't follow %s: %d\n", probe->name, err);
	return err;
}

static void xp_probes_unregister(unsigned int nr)
{
	while (nr--)
		tracepoint_probe_unregister(probes[nr].tp, probes[nr].probe, NULL);
	tracepoint_synchronize_unregister();
}

/* Exits first, so that no entry is missed. */
static int xp_probes_register(void)
{
	unsigned int i;
	int err;

	for_each_kernel_tracepoint(xp_probe_match, NULL);
	for (i = 0; i < ARRAY_SIZE(probes); i++) {
		err = xp_probe_register(&probes[i]);
		if (err) {
			xp_probes_unregister(i);
			return err;
		}
	}
	return 0;
}

static void xp_process_free(void)
{
	u32 *table = xp_table;

	if (xp_process_wq)
		destroy_workqueue(xp_process_wq);
	xp_process_wq = NULL;
	WRITE_ONCE(xp_table, NULL);
	vfree(table);
}

int xp_process_start(void)
{
	u32 *table = vzalloc(array_size(PID_MAX_LIMIT, sizeof(*table)));
	int err = -ENOMEM;

	/* pairs with xp_entry_of_caller() */
	smp_store_release(&xp_table, table);
	xp_process_wq = alloc_workqueue("xpoll-process", WQ_UNBOUND, 0);
	if (table && xp_process_wq) {
		/* a probe that is called from now on sees the table */
		tracepoint_synchronize_unregister();
		err = xp_probes_register();
	}
	if (err)
		xp_process_free();
	return err;
}

void xp_process_stop(void)
{
	struct ep_optin *optin;
	unsigned long key;

	xp_probes_unregister(ARRAY_SIZE(probes));
	rcu_barrier(); /* works that wait for a grace period are queued then */
	xp_process_free();
	/* those whose processes still run */
	xa_for_each(&xp_optins, key, optin)
		xp_optin_free(optin);
	xa_destroy(&xp_optins);
	atomic_set(&xp_processes, 0);
}

int xp_process_opt_in(struct ep_group *group, int flags)
{
	int entry = group ? xp_optin_create(group) : EP_WITHOUT_GROUP;
	u32 more = flags & XPOLL_CREATE_CLOSE_REMOVES ? EP_CLOSE_REMOVES : 0;

	return entry < 0 ? entry : !!xp_entry_replace(entry | more);
}

/* Hold RCU to use the entry as a key: who reads it under RCU finds no other one by it. */
static u32 xp_entry_of_caller(void)
{
	/* pairs with xp_process_start(): the table is zero unless a process opted in */
	const u32 *table = smp_load_acquire(&xp_table);

	return table ? READ_ONCE(table[current->tgid]) : EP_OUT;
}

bool xp_process_opted(void)
{
	return xp_entry_of_caller() != EP_OUT;
}

bool xp_process_opt_out(void)
{
	return xp_process_opted() && xp_entry_replace(EP_OUT);
}

struct ep_group *xp_process_group(int *flags)
{
	struct ep_group *group = NULL;
	struct ep_optin *optin;
	u32 entry;

	rcu_read_lock();
	entry = xp_entry_of_caller();
	optin = xa_load(&xp_optins, entry & ~EP_CLOSE_REMOVES);
	if (optin && xp_group_tryget(optin->group))
		group = optin->group;
	rcu_read_unlock();
	*flags = entry & EP_CLOSE_REMOVES ? XPOLL_CREATE_CLOSE_REMOVES : 0;
	return group;
}
