// SPDX-License-Identifier: GPL-2.0-only
/*
 * A watch that ends with its descriptor: ADD and DEL against closes of the number. module/owned.c,
 * fdclose.c, and the code in ctl.c and epitem.c that creates and removes items.
 *
 * One number of one file, which other descriptors keep open, and one instance. The number is closed,
 * may be given to the same file again and closed again, by tasks that share the table of
 * descriptors. The instance may be closed at any time.
 *
 * Abstracted away:
 * - The table of owned watches has one pair. Everything done under its lock, or under file_lock,
 *   is one step. A walk under RCU looks at one item, of which there is one at a time.
 * - Memory of an item, which RCU keeps for the walk.
 *
 * PROPERTIES:
 * ghost                  once a close has returned, no scan meets a watch of the number, unless
 *                        it means the file again
 * watch_lost             a watch whose number stands is removed by DEL or with the instance only
 * instance_used_after_free  struct eventpoll
 * removed_twice          an item is removed once
 * leak                   when everything has ended, everything is freed
 *
 * SCENARIOS are made of these, by -D: WATCHED: there is a watch at first; ADD, DEL, SCAN: there is a
 * task that does it; ADD_TWICE: a second task that adds; REUSE: the number means the file again
 * after the first close; CLOSE_AGAIN: and a task closes it then; END: the instance is closed.
 */
bit ghost, watch_lost, instance_used_after_free, removed_twice, leak;
#define MUST(property, condition) assert((condition) || property)

bit number = 1;     /* a descriptor of the file; changes under file_lock */
byte closes;        /* the times that it was cleared */
byte closes_done;   /* the closes that have returned */
bit in_table;       /* of owned watches */
bit in_tree;
byte added_at;      /* @closes when the item in the tree was found to stand */
bit deleted;        /* by DEL or with the instance, after that */

bit mtx;
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

inline unlock_instance()
{
	atomic { TOUCH_INSTANCE; mtx = 0 }
}

/* epitem.c: xp_epitem_remove() */
inline remove_item()
{
	MUST(removed_twice, in_tree);
	in_table = 0;
	atomic { MUST(removed_twice, in_tree); in_tree = 0 }
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
	do
	:: true ->
		/* owned.c: xp_owned_collect(): the walk under RCU, and xp_owned_get() */
		found = in_table;
		if
		:: found -> found = !number
		:: else
		fi;
		if
		:: found ->
			atomic {
				found = in_table;
				if
				:: found ->
					TOUCH_INSTANCE;
#ifndef WITHOUT_INSTANCE_REF
					refcount++
#endif
				:: else
				fi
			}
		:: else
		fi;
		if
		:: !found -> break
		:: else
		fi;
		lock_instance();
		if
#ifdef WITHOUT_LOOK_AGAIN
		:: in_tree -> remove_item()
#else
		:: in_tree && !number -> remove_item()
#endif
		:: else
		fi;
		unlock_instance();
#ifndef WITHOUT_INSTANCE_REF
		xp_eventpoll_put()
#endif
	od
}

/* close() of the number */
proctype close_number()
{
	bit found;

	atomic { number = 0; closes++ }
#ifdef WITHOUT_WAIT_FOR_OTHERS
	closes_done++;
	xp_fd_close()
#else
	xp_fd_close();
	closes_done++
#endif
}

#ifdef REUSE
/* dup2() of the same file onto the number, and another close() */
proctype reuse()
{
	bit found;

	atomic { closes == 1 -> number = 1 }
#ifdef CLOSE_AGAIN
	atomic { number = 0; closes++ }
	xp_fd_close();
	closes_done++
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

	begin_ioctl();
	got_file = number;
	if
	:: got_file ->
		lock_instance();
		if
		:: in_tree /* EEXIST */
		:: else ->
#ifndef WITHOUT_TABLE_FIRST
			in_table = 1;
#endif
			in_tree = 1;
			/* owned.c: xp_owned_stands() */
			atomic {
				stands = number;
#ifdef WITHOUT_STANDS
				stands = 1;
#endif
				if
				:: stands -> added_at = closes; deleted = 0
				:: else
				fi
			}
#ifdef WITHOUT_TABLE_FIRST
			in_table = 1;
#endif
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

#ifdef DEL
proctype ctl_del()
{
	bit got_file;

	begin_ioctl();
	got_file = number;
	if
	:: got_file ->
		lock_instance();
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
	begin_ioctl();
	lock_instance();
	MUST(ghost, !in_tree || number || closes_done < closes);
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
	unlock_instance();
	xp_eventpoll_put()
}
#endif

init {
	atomic {
#ifdef WATCHED
		in_table = 1;
		in_tree = 1;
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
	MUST(ghost, !in_tree || number);
	MUST(watch_lost, in_tree || deleted || !number || added_at < closes || !added_at);
#ifdef END
	MUST(leak, instance_freed && !in_tree && !in_table)
#endif
}
