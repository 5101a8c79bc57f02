// SPDX-License-Identifier: GPL-2.0-only
/*
 * Unloading while files are closed: xp_last_close() and xp_lastclose_exit() in
 * module/lastclose.c, with xp_ftrace_wait() in ftracehook.c; fdclose.c does the same.
 *
 * A task whose last close is in the module's code is on its way in (it does not sleep, but may
 * be preempted), at work on an instance (it may sleep on the mutex), or on its way out (it does
 * not sleep). rmmod must not free the code while any task is in one of these states.
 *
 * Abstracted away: the work of the close. synchronize_rcu_tasks() waits until each task that
 * was not sleeping voluntarily when it began has slept voluntarily or left the kernel. So it
 * waits for a task on its way in or out, but not for one that is at work.
 *
 * PROPERTIES:
 * code_used_after_free  no task is in the module's code once it is freed
 * deadlock              rmmod ends
 */
bit code_used_after_free;
#define MUST(property, condition) assert((condition) || property)

#define CLOSERS 2

#define OUTSIDE 0
#define NO_SLEEP 1 /* in the module's code, where no task sleeps */
#define MAY_SLEEP 2

byte where[CLOSERS];
bit waited_for[CLOSERS]; /* by the running synchronize_rcu_tasks() */
bit hooked = 1;
bit code_freed;
byte inflight;

/* synchronize_rcu_tasks() also stops waiting for a task that sleeps. */
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
	/* __fput(); the direct call that ftrace inserted leads into the module */
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
			/* a task on its way out may be preempted, but does not sleep */
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
