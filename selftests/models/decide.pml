// SPDX-License-Identifier: GPL-2.0-only
/*
 * A call by epoll's own system call meets another task that closes the descriptor: xp_decide() in
 * module/decide.c, and the replacements in calls.c and wait.c, which use what it returned.
 *
 * One descriptor, which is an instance at first. In the scenarios with CLOSER another task shares the
 * table; it closes the descriptor, opens it again as an instance or another file, and ends.
 * The caller makes one call.
 *
 * Abstracted away: what the call does with the instance. Memory of a closed file is free at once, and
 * may be another file at the next step, as since Linux 6.7. Before that RCU keeps it for the
 * time of the lookup, so less can happen.
 *
 * PROPERTIES:
 * file_used_after_free  a call uses the file that it decided on, and that is still the same
 * other_file_taken      that file is an instance
 * leak                  each reference that the call took is dropped
 * deadlock              the call ends
 */
bit file_used_after_free, other_file_taken, leak;
#define MUST(property, condition) assert((condition) || property)

#define MEMORY 2 /* places for a struct file */
#define NONE MEMORY

mtype = { free, instance, other }
mtype kind[MEMORY] = free;
byte refs[MEMORY];
byte life[MEMORY]; /* which file has this memory, counted */
byte table = NONE; /* the descriptor */
byte sharers = 1;  /* files->count */

inline drop(f)
{
	d_step {
		refs[f]--;
		if
		:: refs[f] == 0 -> kind[f] = free
		:: else
		fi
	}
}

inline open(f, what)
{
	d_step {
		kind[f] = what;
		refs[f] = 1;
		life[f]++
	}
	table = f
}

proctype closer()
{
	byte f;
	byte n = 2;

	do
	:: n > 0 ->
		n--;
		/* close() */
		atomic { f = table; table = NONE }
		drop(f);
		/* open(), into memory of any closed file */
		if
		:: kind[0] == free -> f = 0
		:: kind[1] == free -> f = 1
		fi;
		if
		:: open(f, instance)
		:: open(f, other)
		fi
	:: true -> break
	od;
	/* exit() */
	sharers--
}

proctype caller()
{
	byte f = NONE;
	byte mine;
	bit counted;

	/* xp_decide() */
#ifdef LOOKUP_FIRST
	f = table;
#endif
	if
	:: sharers != 1 -> goto shared
	:: else
	fi;
#ifndef LOOKUP_FIRST
	f = table;
#endif
	if
	:: f == NONE -> goto native
	:: else
	fi;
	/* without RCU */
	MUST(file_used_after_free, kind[f] != free);
	if
	:: kind[f] != instance -> goto native
	:: else -> mine = life[f]; goto use
	fi;

shared:
	/* xp_decide_counted() */
	f = table;
	if
	:: f == NONE || kind[f] != instance -> goto native
	:: else
	fi;
#ifdef WITHOUT_REFERENCE
	mine = life[f];
	goto use;
#endif
	/* xp_file_get_live_inline() */
	if
#ifdef WITHOUT_NOT_ZERO
	:: true -> refs[f]++
#else
	:: atomic { refs[f] > 0 -> refs[f]++ }
	:: refs[f] == 0 -> goto shared
#endif
	fi;
	counted = 1;
#ifndef WITHOUT_SECOND_LOOK
	if
	:: table == f
	:: table != f ->
wrong:
		/* xp_fput_saving() */
#ifndef WITHOUT_PUT_OF_WRONG
		drop(f);
#endif
		counted = 0;
		goto shared
	fi;
#ifndef WITHOUT_SECOND_KIND
	if
	:: kind[f] == instance
	:: else -> goto wrong
	fi;
#endif
#endif
	mine = life[f];

use:
	/* xp_do_epoll_wait(), xp_do_epoll_ctl() */
	MUST(other_file_taken, kind[f] != other || life[f] != mine);
	MUST(file_used_after_free, kind[f] != free && life[f] == mine);
	if
	:: counted ->
#ifndef WITHOUT_PUT
		drop(f)
#endif
	:: else
	fi;

native:
	skip
}

init {
	d_step {
		kind[0] = instance;
		refs[0] = 1;
		life[0] = 1;
		table = 0
	}
	atomic {
#ifdef CLOSER
		sharers++;
		run closer();
#endif
		run caller()
	}
	_nr_pr == 1;
	MUST(leak, refs[0] == (table == 0) && refs[1] == (table == 1))
}
