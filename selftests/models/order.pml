// SPDX-License-Identifier: GPL-2.0-only
/*
 * The pairs of barriers of MEMORY ORDER in module/eventpoll.h on a processor that does its loads
 * and stores in any order, unless a barrier or a dependency keeps it. wake.pml, rearm.pml and
 * pollfree.pml have the other pairs.
 *
 * Each side is a set of accesses. An access is done once those are done that it must follow, and
 * the others see a store at once, as on arm64, which is multicopy atomic. So a load may be done
 * before an earlier load or store, and a store before an earlier one: more than store buffers.
 *
 * Abstracted away: everything but these accesses. A lock is a step that waits for the other
 * side's, and orders what is before and after it as an acquire and a release do.
 *
 * PROPERTIES:
 * file_used_after_free  no access to the file comes after the last close freed it
 * old_queue_seen        a last close that finds no item sees the file's wait queue without it
 * watch_missed          nesting is false: the number of watchers has been raised
 * hook_unfinished       attached is true: what the hooks need is there
 * descriptor_missed     a count of 1: what the other thread did to the descriptor is seen
 * fields_unset          who finds the pointer finds the fields set
 *
 * SCENARIOS, by -D: CLOSE; CLOSE_AFTER, where another task changes the bucket in between;
 * READ_ONLY: the removal has only to read the file; NEST, ATTACH, DECIDE, PUBLISH.
 */
bit file_used_after_free, old_queue_seen, watch_missed, hook_unfinished, descriptor_missed;
bit fields_unset;
#define MUST(property, condition) assert((condition) || property)

/* An access: number n, which follows those in the mask. did has a bit for each that is done. */
#define BIT(n) (1 << (n))
#define ACCESS(n, follows) !(did & BIT(n)) && (did & (follows)) == (follows)
#define DONE(n) did = did | BIT(n)
#define FOLLOWS_IF(barrier, n) ((barrier) * BIT(n))

#ifdef WITHOUT_DEL_BARRIER
#define DEL_BARRIER 0
#else
#define DEL_BARRIER 1
#endif
#ifdef WITHOUT_CLOSE_ACQUIRE
#define CLOSE_ACQUIRE 0
#else
#define CLOSE_ACQUIRE 1
#endif
#ifdef WITHOUT_RELEASE
#define RELEASE 0
#else
#define RELEASE 1
#endif
#ifdef WITHOUT_ACQUIRE
#define ACQUIRE 0
#else
#define ACQUIRE 1
#endif
#ifdef WITHOUT_LOCK_ORDER
#define LOCK_ORDER 0
#else
#define LOCK_ORDER 1
#endif

#if defined(CLOSE) || defined(CLOSE_AFTER)

/* The removal takes the entry off the file's wait queue, or had done so. */
#ifdef READ_ONLY
#define REMOVER_DID BIT(1)
bit entry_in_queue;
#else
#define REMOVER_DID 0
bit entry_in_queue = 1;
#endif
bit item_in_table = 1;
bit other_in_table;
bit file_freed;
bit unlocked;           /* the bucket, by xp_watched_del() */

/* Takes the entry off the file's wait queue and reads the file, then takes the item off the table. */
active proctype xp_watched_del()
{
	byte did = REMOVER_DID;

	do
	:: ACCESS(0, 0) -> atomic { MUST(file_used_after_free, !file_freed); DONE(0) }
	:: ACCESS(1, 0) -> 
		atomic {
			MUST(file_used_after_free, !file_freed);
			entry_in_queue = 0;
			DONE(1)
		}
	:: ACCESS(2, FOLLOWS_IF(DEL_BARRIER, 0) | FOLLOWS_IF(DEL_BARRIER, 1)) ->
		atomic { item_in_table = 0; DONE(2) }
	/* the unlock, a release */
	:: ACCESS(3, BIT(2) | FOLLOWS_IF(LOCK_ORDER, 0) | FOLLOWS_IF(LOCK_ORDER, 1)) ->
		atomic { unlocked = 1; DONE(3) }
	:: did == 15 -> break
	od
}

/*
 * Loads the table; the file's wait queue; and frees the file, a store that depends on what the
 * table had. In the second scenario it sees the store of who changed the bucket afterwards.
 */
active proctype xp_last_close()
{
	byte did;
	bit none, queue = 1;

	do
	:: ACCESS(0, 0) ->
#ifdef CLOSE_AFTER
		atomic { none = other_in_table; DONE(0) }
#else
		atomic { none = !item_in_table; DONE(0) }
#endif
	:: ACCESS(1, FOLLOWS_IF(CLOSE_ACQUIRE, 0)) -> atomic { queue = entry_in_queue; DONE(1) }
	:: ACCESS(2, BIT(0) | BIT(1)) ->
		atomic {
			MUST(old_queue_seen, !none || !queue);
			file_freed = none;
			DONE(2)
		}
	:: did == 7 -> break
	od
}

#ifdef CLOSE_AFTER
/* Another task's change of the bucket, under its lock. */
active proctype xp_watched_add()
{
	/* the lock, an acquire */
	unlocked;
	other_in_table = 1
}
#endif

#endif

/* Message passing: a store of the message, a store of the flag; a load of the flag, of the message. */
#if defined(NEST) || defined(ATTACH) || defined(DECIDE) || defined(PUBLISH)

#ifdef NEST
#define PROPERTY watch_missed
#endif
#ifdef ATTACH
#define PROPERTY hook_unfinished
#endif
#ifdef DECIDE
#define PROPERTY descriptor_missed
#endif
#ifdef PUBLISH
#define PROPERTY fields_unset
/* the fields are found by the pointer: an address dependency */
#define DEPENDS 1
#else
#define DEPENDS 0
#endif

bit message, flag;

active proctype teller()
{
	byte did;

	do
	:: ACCESS(0, 0) -> atomic { message = 1; DONE(0) }
	:: ACCESS(1, FOLLOWS_IF(RELEASE, 0)) -> atomic { flag = 1; DONE(1) }
	:: did == 3 -> break
	od
}

active proctype asker()
{
	byte did;
	bit flag_seen, message_seen;

	do
	:: ACCESS(0, 0) -> atomic { flag_seen = flag; DONE(0) }
	:: ACCESS(1, FOLLOWS_IF(ACQUIRE || DEPENDS, 0)) -> atomic { message_seen = message; DONE(1) }
	:: did == 3 -> break
	od;
	MUST(PROPERTY, !flag_seen || message_seen)
}

#endif
