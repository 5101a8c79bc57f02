// SPDX-License-Identifier: GPL-2.0-only
/*
 * A watch that ends with its descriptor: ADD, MOD by cookie and DEL against closes of the number, which
 * never wait for the mutex: a close that gets it at once removes the item itself. module/owned.c, fdclose.c, ended.c, and the code in ctl.c and epitem.c
 * that creates and removes items.
 *
 * One number of one file, which other descriptors keep open, and one instance. The number is closed,
 * may be given to the same file again and closed again, by tasks that share the table of
 * descriptors. The instance may be closed at any time.
 *
 * Abstracted away:
 * - The table of owned watches has one pair. What is done under file_lock is one step. There is one
 *   item at a time. Memory is sequentially consistent: eventpoll.h names the barriers.
 * - Memory of an item, which RCU keeps for the walk.
 *
 * PROPERTIES:
 * ghost                  no scan that begins after the latest close has returned meets an armed watch of the
 *                        number, unless it means the file again
 * stays                  when nobody has the mutex any more, the item is removed
 * watch_lost             a watch whose number stands is removed by DEL or with the instance only
 * instance_used_after_free  struct eventpoll
 * removed_twice          an item is removed once
 * leak                   when everything has ended, everything is freed
 *
 * SCENARIOS are made of these, by -D: WATCHED: there is a watch at first; ADD, MOD, DEL, SCAN: there
 * is a task that does it; ADD_TWICE: a second task that adds; REUSE: the number means the file again
 * after the first close; CLOSE_AGAIN: and a task closes it then; END: the instance is closed.
 */
bit ghost, stays, watch_lost, instance_used_after_free, removed_twice, leak;
#define MUST(property, condition) assert((condition) || property)

bit number = 1;     /* a descriptor of the file; changes under file_lock */
byte closes;        /* the times that it was cleared */
byte returned;      /* the latest of these whose close() has returned */
bit in_table;       /* of owned watches; under the owner's lock */
bit on_list;        /* ep->ended; under the owner's lock */
bit armed;
bit in_tree;
byte added_at;      /* @closes when the item in the tree was found to stand */
bit deleted;        /* by DEL or with the instance, after that */

bit mtx;
bit owner;
byte refcount = 1;
byte users = 1;     /* references to the instance's own file */
bit instance_open = 1;
bit instance_freed;

#define TOUCH_INSTANCE MUST(instance_used_after_free, !instance_freed)

inline lock_instance()
{
	TOUCH_INSTANCE;
	atomic { mtx == 0 -> TOUCH_INSTANCE; mtx = 1 }
}

inline lock_owner()
{
	atomic { owner == 0 -> owner = 1 }
}

/* epitem.c: xp_epitem_remove() */
inline remove_item()
{
	MUST(removed_twice, in_tree);
	lock_owner();
	in_table = 0;
	on_list = 0;
	owner = 0;
	atomic { MUST(removed_twice, in_tree); in_tree = 0 }
}

/* ended.c: xp_ended_check() */
inline xp_ended_check()
{
	if
	:: on_list -> remove_item()
	:: else
	fi
}

/* ended.c: xp_ended_flush() */
inline xp_ended_flush()
{
	do
	:: true ->
		TOUCH_INSTANCE;
		if
		:: !on_list -> break
		:: else
		fi;
		atomic {
			TOUCH_INSTANCE;
			if
			:: mtx -> break
			:: else -> mtx = 1
			fi
		}
		xp_ended_check();
		mtx = 0
	od
}

/* ended.c: xp_eventpoll_unlock() */
inline unlock_instance()
{
#ifndef WITHOUT_CHECK_BEFORE
	xp_ended_check();
#endif
	atomic { TOUCH_INSTANCE; mtx = 0 }
#ifndef WITHOUT_CHECK_AFTER
	xp_ended_flush()
#endif
}

inline xp_eventpoll_put()
{
	atomic {
		TOUCH_INSTANCE;
		refcount--;
		if
		:: refcount == 0 -> instance_freed = 1
		:: else
		fi
	}
}

/* fdclose.c: xp_fd_close() */
inline xp_fd_close()
{
	/* owned.c: xp_owner_find(), without the lock */
	found = in_table;
	got_mutex = 0;
	if
	:: found ->
		/* owned.c: xp_owned_collect() */
		lock_owner();
#ifdef WITHOUT_NUMBER
		found = in_table;
#else
		found = in_table && !number;
#endif
		if
		:: found ->
			TOUCH_INSTANCE;
#ifndef WITHOUT_INSTANCE_REF
			refcount++;
#endif
			atomic {
				if
				:: !mtx -> mtx = 1; got_mutex = 1
#ifdef WITHOUT_TRYLOCK
				:: else -> got_mutex = 1
#else
				:: else
#endif
				fi
			}
#ifdef WITHOUT_TABLE_LAST
			in_table = 0;
#endif
			if
			:: got_mutex ->
				/* owned.c: xp_owned_take() */
				armed = 0
			:: else ->
				/* owned.c: xp_owned_end() */
#ifdef WITHOUT_LIST_FIRST
				armed = 0;
				on_list = 1
#else
				on_list = 1;
				armed = 0
#endif
			fi;
			in_table = 0;
		:: else
		fi;
		owner = 0
	:: else
	fi;
	if
	:: found ->
		if
		:: got_mutex ->
			/* epitem.c: xp_epitem_remove() of an item without an owner */
			atomic { MUST(removed_twice, in_tree); in_tree = 0 }
			unlock_instance()
		:: else -> xp_ended_flush()
		fi;
#ifndef WITHOUT_INSTANCE_REF
		xp_eventpoll_put()
#endif
	:: else
	fi
}

inline close_returns()
{
	atomic {
		if
		:: mine > returned -> returned = mine
		:: else
		fi
	}
}

/* close() of the number */
proctype close_number()
{
	bit found, got_mutex;
	byte mine;

	atomic { number = 0; closes++; mine = closes }
#ifdef WITHOUT_WAIT_FOR_OTHERS
	close_returns();
	xp_fd_close()
#else
	xp_fd_close();
	close_returns()
#endif
}

#ifdef REUSE
/* dup2() of the same file onto the number, and another close() */
proctype reuse()
{
	bit found, got_mutex;
	byte mine;

	atomic { closes == 1 -> number = 1 }
#ifdef CLOSE_AGAIN
	atomic { number = 0; closes++; mine = closes }
	xp_fd_close();
	close_returns()
#endif
}
#endif

inline begin_ioctl()
{
	atomic {
		if
		:: instance_open -> users++
		:: else -> goto out
		fi
	}
}

inline end_ioctl()
{
	users--
}

#ifdef ADD
/* ctl.c: xp_ctl_insert() */
proctype ctl_add()
{
	bit got_file, stands;
	byte at;

	begin_ioctl();
	got_file = number;
	if
	:: got_file ->
		lock_instance();
		xp_ended_check();
		if
		:: in_tree /* EEXIST */
		:: else ->
			armed = 1;
#ifndef WITHOUT_TABLE_FIRST
			in_table = 1;
#endif
			in_tree = 1;
			/* owned.c: xp_owned_stands() */
			atomic { stands = number; at = closes }
#ifdef WITHOUT_TABLE_FIRST
			in_table = 1;
#endif
			lock_owner();
#ifndef WITHOUT_STILL_OWNED
			stands = stands && in_table;
#endif
			owner = 0;
#ifdef WITHOUT_STANDS
			stands = 1;
#endif
			if
			:: stands -> added_at = at; deleted = 0
			:: else
			fi;
			if
			:: stands
			:: else -> remove_item()
			fi
		fi;
		unlock_instance()
	:: else
	fi;
	end_ioctl();
out:
	skip
}
#endif

#ifdef MOD
/* ctl.c: xp_ctl_make_by_cookie(), which needs no descriptor; one item has the cookie */
proctype ctl_mod()
{
	begin_ioctl();
	lock_instance();
	xp_ended_check();
	if
	:: in_tree -> armed = 1
	:: else
	fi;
	unlock_instance();
	end_ioctl();
out:
	skip
}
#endif

#ifdef DEL
proctype ctl_del()
{
	bit got_file;

	begin_ioctl();
	got_file = number;
	if
	:: got_file ->
		lock_instance();
		xp_ended_check();
		if
		:: in_tree -> remove_item(); deleted = 1
		:: else
		fi;
		unlock_instance()
	:: else
	fi;
	end_ioctl();
out:
	skip
}
#endif

#ifdef SCAN
/* scan.c: a scan delivers the event of the item */
proctype scan()
{
	byte before;

	begin_ioctl();
	before = returned;
	lock_instance();
	MUST(ghost, !(in_tree && armed) || number || before < closes);
	unlock_instance();
	end_ioctl();
out:
	skip
}
#endif

#ifdef END
proctype close_instance()
{
	atomic { instance_open = 0; users-- }
	users == 0;
	lock_instance();
	if
	:: in_tree -> remove_item(); deleted = 1
	:: else
	fi;
	atomic { TOUCH_INSTANCE; mtx = 0 }
	xp_eventpoll_put()
}
#endif

init {
	atomic {
#ifdef WATCHED
		in_table = 1;
		in_tree = 1;
		armed = 1;
#endif
		run close_number();
#ifdef REUSE
		run reuse();
#endif
#ifdef ADD
		run ctl_add();
#endif
#ifdef ADD_TWICE
		run ctl_add();
#endif
#ifdef MOD
		run ctl_mod();
#endif
#ifdef DEL
		run ctl_del();
#endif
#ifdef SCAN
		run scan();
#endif
#ifdef END
		run close_instance()
#endif
	}
	timeout;
	MUST(stays, !on_list);
	MUST(ghost, !in_tree || number);
	MUST(watch_lost, in_tree || deleted || !number || added_at < closes || !added_at);
#ifdef END
	MUST(leak, instance_freed && !in_tree && !in_table)
#endif
}
