// SPDX-License-Identifier: GPL-2.0-only
/*
 * The last close of a watched file: module/lastclose.c, watched.c, epitem.c, and the code in
 * ctl.c and eventpoll.c that creates and removes items. It must follow the rule about struct
 * file in module/eventpoll.h.
 *
 * One file, two instances. The file's descriptor and both instances are closed at any time and
 * in any order. ADD, DEL, a scan and a wake-up happen before, between and after the closes.
 *
 * Abstracted away:
 * - The table of watched files has one bucket and one file. Everything done under its lock is
 *   one step. Memory of a closed file is not reused for another one.
 * - Memory that waits for a grace period is freed as soon as the last current reader has left,
 *   the earliest time that RCU allows. The hook is the only reader. The model does not cover
 *   the walks of nest.c, which move items within the list and change the head.
 * - Any task may make the final fput(). Its work is done by a separate task and outside of all
 *   locks, like task_work and the delayed fput.
 * - Watched instances (a file that is an instance), and the module's unloading: unload.pml.
 * - Wait queues that go away before the file: pollfree.pml.
 *
 * PROPERTIES:
 * file_used_after_close  no task uses the file or its wait queue once the hook has returned
 * polled_in_last_close   ->poll() is only called for a file with a reference
 * second_last_close      the file's count falls to zero once
 * item_used_after_free   struct epitem
 * instance_used_after_free  struct eventpoll
 * removed_twice          an item is removed once
 * leak                   when everything is closed, everything is freed
 * deadlock               every task ends
 *
 * SCENARIOS are made of these, by -D: WATCH0, WATCH1: instance 0 (1) watches the file at
 * first; WATCH0_TWICE: so does a second item of instance 0, by another descriptor.
 * ADD0, DEL0, SCAN0, WAKE: there is a task that does it, the first three with instance 0.
 */
bit file_used_after_close, polled_in_last_close, second_last_close, item_used_after_free;
bit instance_used_after_free, removed_twice, leak;
#define MUST(property, condition) assert((condition) || property)

#define ITEMS 3
#define NONE 7

/* struct file */
byte f_count = 1;
bit descriptor = 1;  /* the program's */
bit in_fput;         /* its last reference is gone */
bit hook_returned;
bit file_released;
bit wait_lock;       /* lock of the file's wait queue */

/* struct epitem */
byte item_of[ITEMS]; /* its instance; 0 and 1 exist from the start, 2 may be added */
bit allocated[ITEMS];
bit in_tree[ITEMS];
bit hooked[ITEMS];   /* on the file's wait queue */
bit item_waits[ITEMS]; /* waits for a grace period */
bit item_freed[ITEMS];

/* struct eventpoll */
bit mtx[2];
byte refcount[2];
byte instance_users[2]; /* references to the instance's own file */
bit instance_open[2];   /* its descriptor */
bit instance_freed[2];

/* The table. An hlist_node's next is an item; its pprev names the pointer to it. */
byte head = NONE;           /* bucket_link: the item that is the file's head */
byte first[ITEMS] = NONE;   /* file_items.first */
byte next_item[ITEMS] = NONE; /* fllink.next */
byte pprev[ITEMS] = NONE;   /* fllink.pprev: item i's next, or FIRST_OF(i) */
#define FIRST_OF(i) (ITEMS + (i))

bit rcu_reader;

#define TOUCH_FILE        MUST(file_used_after_close, !hook_returned)
#define TOUCH_ITEM(i)     MUST(item_used_after_free, !item_freed[i])
#define TOUCH_INSTANCE(e) MUST(instance_used_after_free, !instance_freed[e])

inline rcu_read_lock()
{
#ifdef WITHOUT_RCU_READ_LOCK
	skip
#else
	rcu_reader = 1
#endif
}

#define FREE_IF_WAITING(waits, freed, i) \
	freed[i] = freed[i] || waits[i]; \
	waits[i] = 0

inline rcu_read_unlock()
{
	d_step {
		rcu_reader = 0;
		FREE_IF_WAITING(item_waits, item_freed, 0);
		FREE_IF_WAITING(item_waits, item_freed, 1);
		FREE_IF_WAITING(item_waits, item_freed, 2)
	}
}

#define CALL_RCU(waits, freed, i) \
	if \
	:: rcu_reader -> waits[i] = 1 \
	:: else -> freed[i] = 1 \
	fi

inline lock_instance(e)
{
	TOUCH_INSTANCE(e);
	atomic { mtx[e] == 0 -> TOUCH_INSTANCE(e); mtx[e] = 1 }
}

inline unlock_instance(e)
{
	atomic { TOUCH_INSTANCE(e); mtx[e] = 0 }
}

/* fget() of the watched file's descriptor */
inline fget()
{
	atomic {
		got_file = descriptor;
		f_count = f_count + got_file
	}
}

inline fput()
{
	atomic {
		f_count--;
		if
		:: f_count == 0 ->
			MUST(second_last_close, !in_fput);
			in_fput = 1
		:: else
		fi
	}
}

/* scan.c: xp_epitem_poll(); with @hook the poll puts the item on the file's wait queue */
inline xp_epitem_poll(i, hook)
{
	/* xp_file_get_live() */
	atomic {
		TOUCH_FILE;
#ifdef WITHOUT_FILE_REF
		live = 1
#else
#ifdef WITHOUT_FILE_REF_NOT_ZERO
		live = 1;
#else
		live = f_count > 0;
#endif
		f_count = f_count + live
#endif
	}
	if
	:: live ->
		atomic {
			TOUCH_FILE;
			MUST(polled_in_last_close, !in_fput);
			hooked[i] = hooked[i] || hook
		}
#ifndef WITHOUT_FILE_REF
		fput()
#endif
	:: else
	fi
}

/* watched.c: xp_watched_add() and the rest of epitem.c: xp_epitem_create() */
inline xp_epitem_create(e, i)
{
	d_step {
		allocated[i] = 1;
		item_of[i] = e;
		if
		:: head == NONE ->
			head = i;
			first[i] = i;
			pprev[i] = FIRST_OF(i)
		:: else ->
			/* insert it behind the head */
			next_item[i] = next_item[head];
			if
			:: next_item[i] != NONE -> pprev[next_item[i]] = i
			:: else
			fi;
			next_item[head] = i;
			pprev[i] = head
		fi;
		in_tree[i] = 1
	}
}

inline xp_unhook(i)
{
	/* xp_eventpoll_of() reads the file as well */
	atomic { TOUCH_ITEM(i); TOUCH_FILE }
#ifndef WITHOUT_UNHOOK
	atomic {
		wait_lock == 0 ->
		TOUCH_FILE;
		hooked[i] = 0
	}
#endif
}

/* *item->pprev = where */
inline set_pprev(i, where)
{
	if
	:: pprev[i] < ITEMS ->
		TOUCH_ITEM(pprev[i]);
		next_item[pprev[i]] = where
	:: else ->
		TOUCH_ITEM(pprev[i] - ITEMS);
		first[pprev[i] - ITEMS] = where
	fi
}

/* watched.c: xp_watched_del(), xp_watched_heir() and xp_watched_replace_head() */
inline xp_watched_del(i)
{
	atomic {
		TOUCH_ITEM(i);
		heir = NONE;
#ifndef WITHOUT_HEAD_REPLACED
		if
		:: head == i && first[i] == i -> heir = next_item[i]
		:: head == i && first[i] != i -> heir = pprev[i]
		:: else
		fi;
#endif
		/* hlist_del() */
		set_pprev(i, next_item[i]);
		if
		:: next_item[i] != NONE -> pprev[next_item[i]] = pprev[i]
		:: else
		fi;
		if
		:: heir != NONE ->
			first[heir] = first[i];
			head = heir;
#ifndef WITHOUT_PPREV_OF_FIRST
			pprev[first[heir]] = FIRST_OF(heir)
#endif
		:: else ->
			if
			:: head == i -> head = NONE
			:: else
			fi
		fi
	}
}

/* epitem.c: xp_epitem_remove(); mtx is held */
inline xp_epitem_remove(i)
{
	MUST(removed_twice, in_tree[i]);
#ifdef WITHOUT_TABLE_LAST
	xp_watched_del(i);
	xp_unhook(i);
#else
	xp_unhook(i);
	xp_watched_del(i);
#endif
	atomic {
		TOUCH_ITEM(i);
		MUST(removed_twice, in_tree[i]);
		in_tree[i] = 0;
#ifdef WITHOUT_ITEM_RCU
		item_freed[i] = 1
#else
		CALL_RCU(item_waits, item_freed, i)
#endif
	}
}

/* epitem.c: xp_epitem_remove_file(); with one file, also all of xp_eventpoll_clear() */
inline remove_items(e)
{
	do
	:: in_tree[0] && item_of[0] == e -> xp_epitem_remove(0)
	:: in_tree[1] && item_of[1] == e -> xp_epitem_remove(1)
	:: in_tree[2] && item_of[2] == e -> xp_epitem_remove(2)
	:: else -> break
	od
}

/* eventpoll.c: xp_eventpoll_put() */
inline xp_eventpoll_put(e)
{
	atomic {
		TOUCH_INSTANCE(e);
		refcount[e]--;
		if
		:: refcount[e] == 0 -> instance_freed[e] = 1
		:: else
		fi
	}
}

/* watched.c: xp_watched_lookup() */
inline xp_watched_lookup()
{
	rcu_read_lock();
	epi = head;
	if
	:: epi != NONE -> TOUCH_ITEM(epi)
	:: else
	fi;
	rcu_read_unlock()
}

/* watched.c: xp_watched_get() */
inline xp_watched_get()
{
	atomic {
		watcher = NONE;
		if
		:: head != NONE ->
			TOUCH_ITEM(head);
			watcher = item_of[head];
			TOUCH_INSTANCE(watcher);
#ifndef WITHOUT_INSTANCE_REF
			refcount[watcher]++
#endif
		:: else
		fi
	}
}

/* lastclose.c: xp_remove_watches() */
inline xp_remove_watches()
{
	do
	:: true ->
		xp_watched_get();
		if
		:: watcher == NONE -> break
		:: else
		fi;
#ifndef WITHOUT_HOOK_MUTEX
		lock_instance(watcher);
#endif
		remove_items(watcher);
#ifdef WITHOUT_PUT_AFTER_UNLOCK
		xp_eventpoll_put(watcher);
#endif
#ifndef WITHOUT_HOOK_MUTEX
		unlock_instance(watcher);
#endif
#if !defined(WITHOUT_INSTANCE_REF) && !defined(WITHOUT_PUT_AFTER_UNLOCK)
		xp_eventpoll_put(watcher);
#endif
#ifdef WITHOUT_HOOK_LOOP
		break
#endif
	od
}

/* __fput(), which begins with lastclose.c: xp_last_close() */
proctype last_close()
{
	byte watcher, epi, heir;

	in_fput;
#ifndef WITHOUT_HOOK
	xp_watched_lookup();
	if
	:: epi != NONE -> xp_remove_watches()
	:: else
	fi;
#endif
	hook_returned = 1;
	/* ->release() waits for wake-ups to end before it frees the wait queue */
	atomic { wait_lock == 0 -> file_released = 1 }
}

/* close() of the watched file */
proctype close_file()
{
	descriptor = 0;
	fput()
}

/* close() of an instance and, by the last user, file.c: xp_eventpoll_release() */
proctype close_instance(byte e)
{
	byte heir;

	atomic {
		instance_open[e] = 0;
		instance_users[e]--
	}
	instance_users[e] == 0;
	/* xp_eventpoll_clear() */
#ifndef WITHOUT_CLEAR
#ifndef WITHOUT_CLEAR_MUTEX
	lock_instance(e);
#endif
	remove_items(e);
#ifndef WITHOUT_CLEAR_MUTEX
	unlock_instance(e);
#endif
#endif
	xp_eventpoll_put(e)
}

/* fdget() of instance 0 for an ioctl; returns from the caller if it is closed */
inline begin_ioctl()
{
	atomic {
		if
		:: instance_open[0] -> instance_users[0]++
		:: else -> goto out
		fi
	}
}

inline end_ioctl()
{
	instance_users[0]--
}

#ifdef ADD0
/* ctl.c: xp_ctl() and xp_ctl_insert() */
proctype ctl_add()
{
	bit got_file, live;
	byte heir;

	begin_ioctl();
	fget();
	if
	:: got_file ->
#ifdef WITHOUT_TARGET_REF_IN_ADD
		fput();
#endif
		lock_instance(0);
		if
		:: in_tree[0] /* EEXIST */
		:: else ->
			xp_epitem_create(0, 2);
			xp_epitem_poll(2, 1);
			if
			:: true
			:: true -> xp_epitem_remove(2) /* no memory for a second hook */
			fi
		fi;
		unlock_instance(0);
#ifndef WITHOUT_TARGET_REF_IN_ADD
		fput()
#endif
	:: else
	fi;
	end_ioctl();
out:
	skip
}
#endif

#ifdef DEL0
/* ctl.c: xp_ctl() and xp_ctl_del() */
proctype ctl_del()
{
	bit got_file;
	byte heir;

	begin_ioctl();
	fget();
	if
	:: got_file ->
#ifndef WITHOUT_DEL_MUTEX
		lock_instance(0);
#endif
		if
		:: in_tree[0] -> xp_epitem_remove(0)
		:: else
		fi;
#ifndef WITHOUT_DEL_MUTEX
		unlock_instance(0);
#endif
		fput()
	:: else
	fi;
	end_ioctl();
out:
	skip
}
#endif

#ifdef SCAN0
inline scan_item(i)
{
	if
	:: in_tree[i] && item_of[i] == 0 ->
		TOUCH_ITEM(i);
		xp_epitem_poll(i, 0)
	:: else
	fi
}

/* scan.c: xp_scan_deliver() */
proctype scan()
{
	bit live;

	begin_ioctl();
	lock_instance(0);
	scan_item(0);
	scan_item(2);
	unlock_instance(0);
	end_ioctl();
out:
	skip
}
#endif

#ifdef WAKE
inline callback(i)
{
	if
	:: hooked[i] ->
		/* callback.c: xp_callback() takes wq.lock of the instance */
		TOUCH_ITEM(i);
		TOUCH_INSTANCE(item_of[i])
	:: else
	fi
}

/* A wake-up of the file's wait queue by an interrupt or a peer, before its release. */
proctype wake()
{
	atomic {
		wait_lock == 0 ->
		if
		:: file_released -> goto out
		:: else -> wait_lock = 1
		fi
	}
	callback(0);
	callback(1);
	callback(2);
	wait_lock = 0;
out:
	skip
}
#endif

inline watch_at_first(e, i)
{
	xp_epitem_create(e, i);
	hooked[i] = 1
}

init {
	atomic {
		refcount[0] = 1;
		refcount[1] = 1;
		instance_open[0] = 1;
		instance_open[1] = 1;
		instance_users[0] = 1;
		instance_users[1] = 1;
#ifdef WATCH0
		watch_at_first(0, 0);
#endif
#ifdef WATCH0_TWICE
		watch_at_first(0, 2);
#endif
#ifdef WATCH1
		watch_at_first(1, 1);
#endif
		run last_close();
		run close_file();
		run close_instance(0);
		run close_instance(1);
#ifdef ADD0
		run ctl_add();
#endif
#ifdef DEL0
		run ctl_del();
#endif
#ifdef SCAN0
		run scan();
#endif
#ifdef WAKE
		run wake()
#endif
	}
	timeout;
	MUST(leak, file_released && head == NONE);
	MUST(leak, allocated[0] == item_freed[0] && allocated[1] == item_freed[1] &&
		   allocated[2] == item_freed[2]);
	MUST(leak, instance_freed[0] && instance_freed[1])
}
