// SPDX-License-Identifier: GPL-2.0-only
/*
 * The list of all instances, in the order of their creation, and the file in debugfs that shows it.
 *
 * A reader keeps its place in the list by an entry of its own. For each line it takes the lock
 * once, copies what it shows of one instance, and moves its place. An instance is in the list while
 * its file holds a reference to it, so the copy needs none, and no reader frees an instance. The
 * lock is held for a copy of constant size, and to pass the places of other readers, which are few.
 */
#include <linux/compiler.h>
#include <linux/cred.h>
#include <linux/debugfs.h>
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/seq_file.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/string_helpers.h>

#include <linux/xpoll.h>

#include "eventpoll.h"
#include "group.h"
#include "instances.h"
#include "ring.h"
#include "scan.h"
#include "stats.h"

/*
 * The maximum number of open files: readers pass each other's places under the lock, so descriptors
 * that a process of root leaks must not prolong its hold.
 */
#define XP_INSTANCES_READERS 64

/* Protects all that follows, and @link of the entries. */
static DEFINE_SPINLOCK(xp_instances_lock);
/* Instances, and places of readers. */
static LIST_HEAD(xp_listed);
static u64 xp_latest_id;
static unsigned int xp_readers;
static struct dentry *xp_directory;

void xp_instances_add(struct eventpoll *ep)
{
	/* task_lock() would cost 130 instructions; without it, a name that changes may be mixed */
	data_race(memcpy(ep->comm, current->comm, sizeof(ep->comm)));
	ep->comm[sizeof(ep->comm) - 1] = '\0';
	spin_lock(&xp_instances_lock);
	ep->listed.id = ++xp_latest_id;
	list_add_tail(&ep->listed.link, &xp_listed);
	spin_unlock(&xp_instances_lock);
}

void xp_instances_del(struct eventpoll *ep)
{
	spin_lock(&xp_instances_lock);
	list_del(&ep->listed.link);
	spin_unlock(&xp_instances_lock);
}

/* What a line shows. */
struct xp_instance_line {
	u64 id;
	kuid_t uid;
	pid_t pid;
	u32 group;
	u32 slots;
	unsigned int watchers;
	bool ready;
	bool waiting;
	bool close_removes;
	struct xpoll_stats stats;
	char comm[TASK_COMM_LEN];
};

/**
 * struct xp_instances_walk - an open file
 * @place: its place in the list: before the instance of @line, if that is still there
 * @end: the latest instance when the walk began, and the last one that it shows, so that it ends
 *	while others create instances
 * @line: what the next line shows
 */
struct xp_instances_walk {
	struct ep_listed place;
	u64 end;
	struct xp_instance_line line;
};

static void xp_instance_copy(struct xp_instance_line *line, struct eventpoll *ep)
{
	lockdep_assert_held(&xp_instances_lock);
	*line = (struct xp_instance_line) {
		.id = ep->listed.id,
		.uid = ep->user->uid,
		.pid = ep->pid,
		.group = ep->group ? xp_group_number(ep->group) : 0,
		.slots = ep->ring ? ep->ring->nr : 0,
		.watchers = atomic_read(&ep->watchers),
		.ready = xp_ready(ep) || (ep->ring && xp_ring_seems_ready(ep->ring)),
		.waiting = waitqueue_active(&ep->wq) || /* of one moment */
			   READ_ONCE(ep->several.rb_leftmost),
		.close_removes = ep->add_flags & XPOLL_CHANGE_CLOSE,
	};
	xp_stats_add(&line->stats, ep);
	memcpy(line->comm, ep->comm, sizeof(line->comm));
}

/*
 * Move the place to the first instance behind it whose number is greater than that of @line, and
 * copy that one. It passes the instance of @line, if that is still there, and places of other
 * readers.
 */
static struct xp_instance_line *xp_walk_on(struct xp_instances_walk *walk)
{
	struct ep_listed *listed = &walk->place;
	u64 shown = walk->line.id;

	lockdep_assert_held(&xp_instances_lock);
	list_for_each_entry_continue(listed, &xp_listed, link) {
		if (listed->id <= shown)
			continue;
		if (listed->id > walk->end)
			break;
		list_move_tail(&walk->place.link, &listed->link);
		xp_instance_copy(&walk->line, container_of(listed, struct eventpoll, listed));
		return &walk->line;
	}
	/* so that xp_walk_again() finds none either */
	walk->line.id = walk->end + 1;
	return NULL;
}

/* The same from the instance of @line on, with its figures of now. */
static struct xp_instance_line *xp_walk_again(struct xp_instances_walk *walk)
{
	lockdep_assert_held(&xp_instances_lock);
	walk->line.id--;
	return xp_walk_on(walk);
}

static void xp_walk_begin(struct xp_instances_walk *walk)
{
	lockdep_assert_held(&xp_instances_lock);
	list_move(&walk->place.link, &xp_listed);
	walk->end = xp_latest_id;
	walk->line.id = 0;
}

/*
 * A read begins: the first one with the names of the columns, a later one with the line that did
 * not fit into the one before.
 */
static void *xp_instances_start(struct seq_file *m, loff_t *pos)
{
	struct xp_instances_walk *walk = m->private;
	void *line = SEQ_START_TOKEN;

	spin_lock(&xp_instances_lock);
	if (*pos)
		line = xp_walk_again(walk);
	else
		xp_walk_begin(walk);
	spin_unlock(&xp_instances_lock);
	return line;
}

static void *xp_instances_next(struct seq_file *m, void *v, loff_t *pos)
{
	struct xp_instances_walk *walk = m->private;
	struct xp_instance_line *line;

	++*pos;
	cond_resched();
	spin_lock(&xp_instances_lock);
	line = xp_walk_on(walk);
	spin_unlock(&xp_instances_lock);
	/* After the step: who reads on from @pos, in another process, begins with that line. */
	return line && fatal_signal_pending(current) ? ERR_PTR(-EINTR) : line;
}

static void xp_instances_stop(struct seq_file *m, void *v)
{
}

static int xp_instances_show(struct seq_file *m, void *v)
{
	const struct xp_instance_line *line = v;
	const struct xpoll_stats *stats;

	if (v == SEQ_START_TOKEN) {
		seq_puts(m,
			 "id uid pid group slots watches watchers ready waiting close_removes added callbacks wakeups scans events overflows comm\n");
		return 0;
	}
	stats = &line->stats;
	seq_printf(m, "%llu %u %d %u %u %llu %u %d %d %d %llu %llu %llu %llu %llu %llu ",
		   line->id, from_kuid_munged(seq_user_ns(m), line->uid), line->pid, line->group,
		   line->slots, stats->open_watches, line->watchers, line->ready, line->waiting,
		   line->close_removes, stats->watches, stats->callbacks, stats->wakeups,
		   stats->scans, stats->events, stats->overflows);
	/* a task gives itself any name */
	seq_escape_mem(m, line->comm, strlen(line->comm),
		       ESCAPE_OCTAL | ESCAPE_NAP | ESCAPE_APPEND, "\\");
	seq_putc(m, '\n');
	return 0;
}

static const struct seq_operations xp_instances_ops = {
	.start	= xp_instances_start,
	.next	= xp_instances_next,
	.stop	= xp_instances_stop,
	.show	= xp_instances_show,
};

static int xp_instances_open(struct inode *inode, struct file *file)
{
	struct xp_instances_walk *walk;
	bool full;

	walk = __seq_open_private(file, &xp_instances_ops, sizeof(*walk));
	if (!walk)
		return -ENOMEM;
	spin_lock(&xp_instances_lock);
	full = xp_readers == XP_INSTANCES_READERS;
	if (!full) {
		xp_readers++;
		list_add(&walk->place.link, &xp_listed);
	}
	spin_unlock(&xp_instances_lock);
	if (full)
		seq_release_private(inode, file);
	return full ? -EBUSY : 0;
}

static int xp_instances_release(struct inode *inode, struct file *file)
{
	const struct seq_file *m = file->private_data;
	struct xp_instances_walk *walk = m->private;

	spin_lock(&xp_instances_lock);
	list_del(&walk->place.link);
	xp_readers--;
	spin_unlock(&xp_instances_lock);
	return seq_release_private(inode, file);
}

static const struct file_operations xp_instances_fops = {
	.owner		= THIS_MODULE,
	.read		= seq_read,
	.llseek		= seq_lseek,
	.release	= xp_instances_release,
};

/*
 * Take a reference to the module for @file. If debugfs took it, it would warn while an unload has
 * dropped the last reference and not yet marked the module. Until this function has returned,
 * debugfs_remove() waits.
 */
static int xp_instances_hold_open(struct inode *inode, struct file *file)
{
	if (!try_module_get(THIS_MODULE))
		return -ENXIO;
	/* whoever puts these operations drops the reference */
	replace_fops(file, &xp_instances_fops);
	return xp_instances_open(inode, file);
}

static const struct file_operations xp_instances_opener = {
	.open		= xp_instances_hold_open,
};

/* The module works without the file, which debugfs may refuse. */
void __init xp_instances_init(void)
{
	xp_directory = debugfs_create_dir("xpoll", NULL);
	/* unsafe: debugfs does not guard an open file against removal, since it holds the module */
	debugfs_create_file_unsafe("instances", 0400, xp_directory, NULL, &xp_instances_opener);
}

void xp_instances_exit(void)
{
	debugfs_remove(xp_directory);
}
