// SPDX-License-Identifier: GPL-2.0-only
/*
 * A wait queue that goes away before its file does: xp_callback_free() in module/callback.c
 * against xp_unhook() in module/epitem.c.
 *
 * The owner (signalfd, binder) wakes the queue with POLLFREE, waits for a grace period and
 * frees it. Meanwhile a task that holds the instance's mutex removes the item.
 *
 * Abstracted away: one hook on one queue, the second or a later one of its item, which is
 * freed as soon as it is unhooked, without a grace period (the first one is freed with the
 * item, which is later and so the easier case). The earlier part of the callback. A switch
 * that removes the release order in xp_callback_free() swaps its two stores.
 *
 * PROPERTIES:
 * queue_used_after_free  no task uses the queue once its owner has freed it
 * hook_used_after_free   no task uses the hook once xp_epitem_unhook() has freed it
 * queue_in_use           the queue is empty when it is freed
 * torn_list              the hook is unlinked once, or in a way that allows a second time
 * leak                   the hook is freed in the end
 * deadlock               every task ends
 */
bit queue_used_after_free, hook_used_after_free, queue_in_use, torn_list, leak;
#define MUST(property, condition) assert((condition) || property)

bit queue_lock;
bit queue_freed;
bit hook_freed;
bit on_queue = 1;  /* wait.entry is linked */
bit poisoned;      /* wait.entry was unlinked by list_del(), so it must not be unlinked again */
bit whead = 1;     /* pwq->whead is not NULL */
bit rcu_reader;
bit remover_done;

#define TOUCH_QUEUE MUST(queue_used_after_free, !queue_freed)
#define TOUCH_HOOK  MUST(hook_used_after_free, !hook_freed)

inline leave_queue()
{
	atomic {
		TOUCH_HOOK;
		MUST(torn_list, !poisoned);
#ifdef WITHOUT_INIT_ON_LEAVE
		poisoned = 1;
#endif
		on_queue = 0
	}
}

inline clear_whead()
{
	atomic {
		TOUCH_HOOK;
		whead = 0
	}
}

/* xp_callback() with POLLFREE; the queue's lock is held */
inline xp_callback_free()
{
#ifdef WITHOUT_RELEASE_OF_WHEAD
	clear_whead();
	leave_queue();
#else
#ifndef WITHOUT_LEAVE_ON_POLLFREE
	leave_queue();
#endif
#ifndef WITHOUT_WHEAD_CLEARED
	clear_whead();
#endif
#endif
	skip
}

/* signalfd_cleanup() or binder_thread_release(), and then the free of the queue's owner */
active proctype owner()
{
	/* wake_up_poll(POLLFREE) */
	atomic { queue_lock == 0 -> queue_lock = 1 }
	if
	:: on_queue -> xp_callback_free()
	:: else
	fi;
	queue_lock = 0;
	/* synchronize_rcu(): the current readers must leave first */
	rcu_reader == 0;
	atomic {
		MUST(queue_in_use, !on_queue);
		queue_freed = 1
	}
}

/* xp_epitem_unhook() and xp_unhook() */
active proctype remover()
{
	bit head;

#ifndef WITHOUT_UNHOOK_RCU
	rcu_reader = 1;
#endif
	atomic { TOUCH_HOOK; head = whead }
	if
	:: head ->
		/* remove_wait_queue() */
		atomic { TOUCH_QUEUE; queue_lock == 0 -> queue_lock = 1 }
		TOUCH_QUEUE;
		leave_queue();
		atomic { TOUCH_QUEUE; queue_lock = 0 }
	:: else
	fi;
#ifndef WITHOUT_UNHOOK_RCU
	rcu_reader = 0;
#endif
	/* kmem_cache_free() of a second hook */
	hook_freed = 1;
	remover_done = 1
}

active proctype end_check()
{
	timeout;
	MUST(leak, hook_freed && queue_freed)
}
