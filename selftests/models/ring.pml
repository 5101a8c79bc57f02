// SPDX-License-Identifier: GPL-2.0-only
/*
 * A ready ring with two watches, edge-triggered, and two consumers in user space: xp_ring_push(),
 * xp_ring_tell() and xp_ring_change() in module/ring.h, xp_ring_callback() in ringcall.c, the sleep in wait.c, xp_ring_leave() and
 * xp_ring_reclaim() in ring.c; xpoll_ring_take(), _own() and _release() in userlib's ring.h.
 *
 * A source gives a file data of several kinds, and the callback puts the watch's bits into its slot, sets QUEUED and
 * appends the slot's number if it was clear. A consumer takes the number at the head, exchanges the
 * slot's bits and reads what these tell. It sleeps if the ring is empty. With OWN it leaves
 * QUEUED set until it is done, and then gives the slot up if nothing has come. With END the second
 * watch ends once, and another one, of a file with data, gets its slot. With ONESHOT the callback
 * disarms the watch, and the consumer that has handled an event arms it by MOD, which polls the file.
 *
 * Abstracted away: the head and the tail do not wrap around, but the array does; the order of
 * memory accesses, which acquire and release keep; level-triggered watches and those that are
 * asked; hostile users.
 *
 * PROPERTY: lost, when both consumers sleep no file has data.
 * PROPERTY: two_owners, with OWN or ONESHOT no two consumers handle a watch at once.
 * PROPERTY: twice, no slot is in the index array twice.
 */
bit lost, two_owners, twice; /* never set; their names in assertions show the property */
#define MUST(property, condition) assert((condition) || property)

#ifndef EVENTS
#define EVENTS 2
#endif
#define SLOTS 2

byte data[SLOTS];   /* what the file of the slot's watch has, a bit for each kind of event */
byte bits[SLOTS];   /* of the slot */
bit queued[SLOTS];
byte index[SLOTS];
byte head, tail;
byte until[SLOTS];  /* ep_ring_item.until */
bit armed[SLOTS] = 1;
byte inside[SLOTS]; /* consumers that handle the slot's watch */
bit waiting[2];
bit lock;           /* wq.lock */
byte sources;       /* that have ended */

#define LOCK   atomic { lock == 0 -> lock = 1 }
#define UNLOCK lock = 0

inline wake_one()
{
#ifndef WITHOUT_WAKE
	if
	:: waiting[0] -> waiting[0] = 0
	:: waiting[1] -> waiting[1] = 0
	:: else
	fi
#else
	skip
#endif
}

/* @was: a variable of the caller's */
inline set_queued(slot, was)
{
	atomic { was = queued[slot]; queued[slot] = 1 }
}

inline append(slot, kind, was)
{
#ifdef QUEUED_FIRST
	set_queued(slot, was);
	atomic { bits[slot] = bits[slot] | kind }
#else
	atomic { bits[slot] = bits[slot] | kind }
	set_queued(slot, was);
#endif
	if
	:: was
	:: else ->
		/* the array has room for each slot once */
		MUST(twice, tail - head < SLOTS &&
			    !(tail - head == 1 && index[head % SLOTS] == slot));
		index[tail % SLOTS] = slot;
		atomic { tail++; until[slot] = tail }
		wake_one()
	fi
}

/* What is told by a callback, or by a MOD that found it. */
inline push(slot, kind, was)
{
	LOCK;
#ifdef ONESHOT
	if
	:: armed[slot] ->
#ifndef STAYS_ARMED
		armed[slot] = 0;
#endif
		append(slot, kind, was)
	:: else
	fi;
#else
	append(slot, kind, was);
#endif
	UNLOCK
}

/* MOD arms the watch again, and then polls the file. @found, @was: variables of the caller's */
inline rearm(slot, found, was)
{
#ifdef ONESHOT
#ifdef POLL_FIRST
	found = data[slot];
	armed[slot] = 1;
#else
	armed[slot] = 1;
	found = data[slot];
#endif
#ifndef WITHOUT_POLL
	if
	:: found -> push(slot, found, was)
	:: else
	fi
#endif
#else
	skip
#endif
}

proctype source(byte slot)
{
	byte left = EVENTS;
	bit was;

	do
	:: left > 0 ->
		atomic { data[slot] = data[slot] | left }
		push(slot, left, was);
		left--
	:: else -> break
	od;
	sources++
}

#ifdef END
#define SOURCES 3
/* The watch of slot 1 ends. Its source posts no more; another file's takes its place. */
proctype del_and_add()
{
	byte passed;
	bit was;

	sources == 2;
	LOCK;
#ifdef FORGET_QUEUED
	atomic { bits[1] = 0; queued[1] = 0 }
#else
	bits[1] = 0;
#endif
	passed = until[1];
	data[1] = 0;
	UNLOCK;
#ifdef TAKEN_IS_FREE
	head >= passed;
#elif !defined(FREE_AT_ONCE)
	(head >= passed && !queued[1]);
#endif
	atomic { bits[1] = 0; queued[1] = 0; until[1] = 0 }
	data[1] = 1;
	push(1, 1, was);
	atomic { data[1] = data[1] | 2 }
	push(1, 2, was);
	sources++
}
#else
#define SOURCES 2
#endif

/* Read what the events in @got tell. */
inline handle(slot, got)
{
	atomic {
		inside[slot]++;
#if defined(OWN) || defined(ONESHOT)
		MUST(two_owners, inside[slot] == 1)
#endif
	}
	atomic { data[slot] = data[slot] & ~got }
	inside[slot]--
}

inline exchange(slot, got)
{
#if defined(OWN) && !defined(OWN_NOTHING)
	atomic { got = bits[slot]; bits[slot] = 0; queued[slot] = 1 }
#else
	atomic { got = bits[slot]; bits[slot] = 0; queued[slot] = 0 }
#endif
}

/* @got: the slot's bits; the caller still owns it if there are any */
inline release(slot, got)
{
#ifdef RELEASE_UNSEEN
	atomic { got = 0; bits[slot] = 0; queued[slot] = 0 }
#else
	atomic {
		got = bits[slot];
		if
		:: got -> bits[slot] = 0
		:: else -> queued[slot] = 0
		fi
	}
#endif
}

proctype consumer(byte id)
{
	byte at, slot, got;
	bit popped, was;

	do
	:: head != tail ->
		at = head;
#ifdef NUMBER_LATER
		atomic { popped = (head == at && head != tail); if :: popped -> head++ :: else fi }
		slot = index[at % SLOTS];
#else
		if
		:: at != tail ->
			slot = index[at % SLOTS];
			atomic { popped = (head == at); if :: popped -> head++ :: else fi }
		:: else -> popped = 0
		fi;
#endif
		if
		:: popped ->
#ifdef READ_FIRST
			handle(slot, 255);
			exchange(slot, got);
			got = 0;
#else
			exchange(slot, got);
#endif
#ifdef OWN
			if
			:: got
			:: else -> release(slot, got) /* an empty entry, unless an event has come since */
			fi;
			do
			:: got -> handle(slot, got); release(slot, got)
			:: else -> break
			od
#else
			if
			:: got -> handle(slot, got); rearm(slot, got, was)
			:: else
			fi
#endif
		:: else
		fi
	:: head == tail ->
#ifdef SLEEP_UNSEEN
		LOCK;
		waiting[id] = 1;
		UNLOCK;
#else
		LOCK;
		if
		:: head == tail -> waiting[id] = 1
		:: else
		fi;
		UNLOCK;
#endif
end:		waiting[id] == 0
	od
}

init
{
	atomic {
		run source(0);
		run source(1);
#ifdef END
		run del_and_add();
#endif
		run consumer(0);
		run consumer(1)
	}
	atomic {
		sources == SOURCES && waiting[0] && waiting[1] ->
		MUST(lost, !data[0] && !data[1])
	}
}
