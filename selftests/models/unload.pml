// SPDX-License-Identifier: GPL-2.0-only
/*
 * Unloading while files are closed: xp_last_close() and xp_lastclose_exit() in
 * module/lastclose.c.
 *
 * A task whose last close is in the module's code is on its way in (it does not sleep, but may
 * be preempted), at work on an instance (it may sleep on the mutex), or on its way out (it does
 * not sleep). rmmod must free the code under none of them.
 *
 * Abstracted away: what the close does. synchronize_rcu_tasks() waits until each task that was
 * not asleep of its own will when it began has slept of its own will or left the kernel; that
 * is: it waits for a task on its way in or out, and not for one that is at work.
 *
 * PROPERTIES:
 * code_used_after_free  no task is in the module's code once that is freed
 * deadlock              rmmod comes to its end
 */
bit code_used_after_free;
#define MUST(property, condition) assert((condition) || property)

#define CLOSERS 2

#define OUTSIDE 0
#define NO_SLEEP 1 /* in the module's code, where nothing sleeps */
#define MAY_SLEEP 2

byte where[CLOSERS];
bit waited_for[CLOSERS]; /* by the synchronize_rcu_tasks() that runs */
bit hooked = 1;
bit code_freed;
byte inflight;

/* Sleeping is what synchronize_rcu_tasks() waits for as well. */
#define MOVE_TO(place) \
	MUST(code_used_after_free, !code_freed); \
	where[n] = place; \
	waited_for[n] = 0

inline synchronize_rcu_tasks()
{
	atomic {
		waited_for[0] = (where[0] == NO_SLEEP);
		waited_for[1] = (where[1] == NO_SLEEP)
	}
	atomic { !waited_for[0] && !waited_for[1] }
}

proctype closer(byte n)
{
	/* __fput(); the call that ftrace put there leads into the module */
	if
	:: atomic { hooked -> where[n] = NO_SLEEP }
		/* xp_last_close() */
		if
		:: true ->
			/* the file is watched */
#ifndef WITHOUT_INFLIGHT
			atomic { MUST(code_used_after_free, !code_freed); inflight++ }
#endif
			/* xp_remove_watches() */
			atomic { MOVE_TO(MAY_SLEEP) }
			/* what is on its way out may be preempted, but sleeps no more */
			atomic { MUST(code_used_after_free, !code_freed); where[n] = NO_SLEEP }
#ifndef WITHOUT_INFLIGHT
			atomic { MUST(code_used_after_free, !code_freed); inflight-- }
#endif
		:: true
		fi;
		/* back through the trampoline */
		atomic { MOVE_TO(OUTSIDE) }
	:: !hooked
	fi
}

init {
	atomic {
		run closer(0);
		run closer(1)
	}
	/* xp_lastclose_exit() */
	hooked = 0;
#ifndef WITHOUT_FIRST_GRACE_PERIOD
	synchronize_rcu_tasks();
#endif
#ifndef WITHOUT_INFLIGHT_WAIT
	inflight == 0;
#endif
#ifndef WITHOUT_SECOND_GRACE_PERIOD
	synchronize_rcu_tasks();
#endif
	code_freed = 1
}
