// SPDX-License-Identifier: GPL-2.0-only
/*
 * The wake protocol: module/callback.c, scan.h, scan.c, wait.c, and MOD in ctl.c.
 *
 * Sources make the items of one instance ready; waiters and a poller of the instance must be
 * woken. A step of the model is one that another task can see: everything that a function does
 * under wq.lock is one step, except accesses to what other tasks read without that lock
 * (scan_seq, the ready list, a waiter's entry, a task's state).
 *
 * Abstracted away:
 * - Lists are sets. Any order of items in a scan and of waiters in a wake-up is tried, so the
 *   model says nothing about fairness or order.
 * - A wake policy (choose.c) may choose any waiter, whatever its turn, and may pass over any:
 *   one with a pending signal, or one whose heartbeat is too old. Any task can write the table.
 * - scan_seq is its lowest bit and, for each reader, whether it has changed: no wrap-around.
 * - Time: a timeout may expire at any time while the waiter sleeps.
 * - A file is ready or not; poll takes one step; all data of an item is read at once.
 * - Memory is sequentially consistent, except that a switch which removes a barrier swaps the
 *   two accesses that the barrier orders. For the barrier in MOD, where a store passes a load,
 *   see rearm.pml.
 * - EPOLLWAKEUP, EPOLLEXCLUSIVE, several instances, and removal (see lastclose.pml).
 *
 * PROPERTIES, named in the output when they fail:
 * lost_wakeup    at rest no waiter or poller sleeps while an item has something to report
 * falsely_empty  a wait that returns 0 saw nothing to report at some time after its timeout
 *                expired (with timeout 0: after it began)
 * duplicate      an edge item is delivered once for each callback at most, a oneshot item
 *                once for each time it was armed
 * torn_list      an item is put on a list once, and its links are changed by one task
 * stale_entry    a waker touches a waiter's entry only while the waiter is in xp_sleep()
 * deadlock       every task ends (spin's "invalid end state")
 *
 * SCENARIOS are made of these, by -D; the lists of both are in checks.json:
 */
#ifndef ITEMS
#define ITEMS 1 /* 1 or 2 */
#endif
#ifndef KIND0
#define KIND0 LEVEL /* LEVEL, EDGE or ONESHOT */
#endif
#ifndef KIND1
#define KIND1 LEVEL
#endif
#ifndef TIMEOUT0
#define TIMEOUT0 ENDLESS /* ENDLESS: waits repeatedly; TIMED or ZERO: waits once */
#endif
#ifndef TIMEOUT1
#define TIMEOUT1 ENDLESS
#endif
#ifndef SOURCES
#define SOURCES 1 /* tasks that make item 0 ready; item 1 has one */
#endif
#ifndef WRITES
#define WRITES 1 /* number of times that each of them does so */
#endif
#ifndef MAXEVENTS
#define MAXEVENTS ITEMS
#endif
/* And: READY_BEFORE, item 0 is ready from the start. KEEP, no task reads the data. KILL and SIGNAL,
 * waiter 0 gets one. POLICY, a wake policy chooses. FAULT, storing an event may fail, once. POLLER,
 * a task polls the instance. ONE_WAITER. */

#define LEVEL   0
#define EDGE    1
#define ONESHOT 2

#define ENDLESS 0
#define TIMED   1
#define ZERO    2

#define BIT(n) (1 << (n))
#define KIND(i) ((i) == 0 -> KIND0 : KIND1)
#define TIMEOUT(w) ((w) == 0 -> TIMEOUT0 : TIMEOUT1)

/* Never set. Its name in an assertion shows the property. */
bit lost_wakeup, falsely_empty, duplicate, torn_list, stale_entry;
#define MUST(property, condition) assert((condition) || property)

/* struct file, as an item sees it */
bit data[2];

/* struct epitem */
bit armed[2];     /* events; either all or none are requested */
byte ovflist;     /* sets of items: BIT(i) */

/* struct eventpoll */
bit mtx;
bit ready_lock;   /* wq.lock */
byte rdllist;
byte batch;       /* the part of the ready list that the running scan has not visited yet */
bit scan_odd;     /* scan_seq & 1 */
bit shown_odd;    /* the same, as a reader without the lock sees it */
bit scan_moved[2]; /* scan_seq differs from the value that waiter w saw first */
byte wq;          /* set of waiters */

/* tasks */
bit interruptible[2]; /* state is TASK_INTERRUPTIBLE */
bit in_sleep[2];      /* in xp_sleep(), the entry is on its stack */
bit killed[2];
bit signalled[2];
bit poller_queued;    /* on poll_wait */
bit poller_sleeps;
bit faulted;

/* Variables for the properties. The module has nothing that corresponds to them. */
bit due[2];       /* an edge has arrived that no poll has seen yet */
bit queued[2];    /* is correctly on a list, or held by a scan */
byte credit[2];   /* number of callbacks or arms since the last delivery */
bit saw_none[2];  /* since its timeout expired, waiter w could have seen nothing to report */
bit quiet;        /* no task can run unless by this */

#define REPORTABLE(i) (armed[i] && data[i] && queued[i] && (KIND(i) != EDGE || due[i]))
#define UNHEARD(i)    (armed[i] && data[i] && (KIND(i) != EDGE || due[i]))
#define NOTHING       (!REPORTABLE(0) && !REPORTABLE(1))

#define READY_LOCKED  (rdllist != 0 || SCAN_RUNNING)
#ifdef WITHOUT_SCAN_RUNNING_IN_READY_LOCKED
#define SCAN_RUNNING  0
#else
#define SCAN_RUNNING  scan_odd
#endif

inline note_nothing()
{
	if
	:: NOTHING -> saw_none[0] = 1; saw_none[1] = 1
	:: else
	fi
}

/*
 * choose.c: xp_choose_waiter(). Any set of waiters may be candidates, and any candidate may be
 * chosen. Without a candidate the default order holds.
 */
inline xp_choose_waiter()
{
	atomic {
		if
		:: candidates = to_visit
		:: candidates = to_visit & BIT(0)
		:: candidates = to_visit & BIT(1)
		:: candidates = 0
		fi
	}
#ifdef WITHOUT_DEFAULT_ORDER
	if
	:: !candidates -> to_visit = 0
	:: else
	fi
#endif
}

/* The chosen waiter is moved to the front, so it is visited first. */
#define FIRST(v) (candidates == 0 || candidates & BIT(v))

/* callback.c: xp_wake_waiter(), __wake_up_common() and wait.c: xp_waiter_wake() */
inline xp_wake_waiter()
{
	to_visit = wq;
#ifdef POLICY
	xp_choose_waiter();
#ifdef WITHOUT_NEXT_AFTER_CHOSEN
	to_visit = (candidates -> candidates : to_visit);
#endif
#endif
	do
	:: to_visit == 0 -> break
	:: to_visit & BIT(0) && FIRST(0) -> candidates = 0; wake_entry(0)
	:: to_visit & BIT(1) && FIRST(1) -> candidates = 0; wake_entry(1)
	od
}

/* An unneeded wake-up does not count as the one exclusive wake-up. */
inline wake_entry(v)
{
	to_visit = to_visit & ~BIT(v);
#ifdef WITHOUT_UNLINK_AFTER_WAKE
	unlink_entry(v);
	wake_task(v);
#else
	wake_task(v);
	unlink_entry(v);
#endif
	if
	:: woken -> break
	:: else
	fi
}

inline wake_task(v)
{
	atomic {
		MUST(stale_entry, in_sleep[v]);
		woken = interruptible[v];
		interruptible[v] = 0
	}
}

inline unlink_entry(v)
{
	atomic {
		MUST(stale_entry, in_sleep[v]);
#ifndef WITHOUT_ENTRY_LEAVES_ON_WAKE
		wq = wq & ~BIT(v)
#endif
	}
}

/* callback.c: xp_wake_pollers() */
inline xp_wake_pollers()
{
#ifdef WITHOUT_POLLER_WAKE
	skip
#else
	poller_sleeps = 0
#endif
}

/* callback.c: xp_queue_item() */
inline xp_queue_item(i)
{
	if
#ifndef WITHOUT_OVERFLOW_LIST
	:: scan_odd ->
#ifdef WITHOUT_ON_OVFLIST_CHECK
		MUST(torn_list, !(ovflist & BIT(i)));
#endif
		ovflist = ovflist | BIT(i)
#endif
	:: else ->
		MUST(torn_list, !scan_odd);
#ifdef WITHOUT_ON_RDLLIST_CHECK
		MUST(torn_list, !(rdllist & BIT(i)));
#endif
		rdllist = rdllist | BIT(i)
	fi
}

/* callback.c: xp_callback(); the wait queue's lock is that of one source */
inline xp_callback(i)
{
	atomic {
		ready_lock == 0 -> ready_lock = 1;
		if
		:: armed[i] ->
			xp_queue_item(i);
			queued[i] = 1;
			credit[i] = credit[i] + (KIND(i) == EDGE);
			wanted = 1
		:: else -> wanted = 0
		fi
	}
	if
	:: wanted ->
#ifndef WITHOUT_CALLBACK_WAKE
		xp_wake_waiter();
#endif
		poller_was_queued = poller_queued
	:: else -> poller_was_queued = 0
	fi;
	ready_lock = 0;
	if
	:: poller_was_queued -> xp_wake_pollers()
	:: else
	fi
}

/* callback.c: xp_make_ready(); mtx is held, so no scan runs */
inline xp_make_ready(i)
{
	atomic {
		ready_lock == 0 -> ready_lock = 1;
		wanted = !(rdllist & BIT(i));
		rdllist = rdllist | BIT(i);
		queued[i] = 1
	}
	if
	:: wanted ->
#ifndef WITHOUT_MAKE_READY_WAKE
		xp_wake_waiter();
#endif
		poller_was_queued = poller_queued
	:: else -> poller_was_queued = 0
	fi;
	ready_lock = 0;
	if
	:: poller_was_queued -> xp_wake_pollers()
	:: else
	fi
}

/* scan.h: xp_ready(), which does not take the lock */
inline xp_ready(w)
{
#ifdef WITHOUT_READY_ACQUIRE
	ready = rdllist != 0;
	atomic { ready = ready || shown_odd; scan_moved[w] = 0 }
#else
	atomic { ready = shown_odd; scan_moved[w] = 0 }
#ifdef WITHOUT_FIRST_LOOK
	ready = 0;
#endif
#ifdef WITHOUT_READY_RMB
	ready = ready || scan_moved[w];
	ready = ready || rdllist != 0;
#else
	ready = ready || rdllist != 0;
#endif
#endif
#if !defined(WITHOUT_SECOND_LOOK) && !defined(WITHOUT_READY_RMB)
	ready = ready || scan_moved[w]
#endif
}

#define SEQ_SHOW(parity) \
	shown_odd = parity; scan_moved[0] = 1; scan_moved[1] = 1

/* scan.c: xp_scan_begin() */
inline xp_scan_begin()
{
#ifndef WITHOUT_SCAN_MUTEX
	atomic { mtx == 0 -> mtx = 1 }
#endif
	atomic {
		ready_lock == 0;
		if
		:: rdllist != 0 ->
			scanning = 1;
			MUST(torn_list, !scan_odd);
			scan_odd = 1;
#ifndef WITHOUT_SCAN_BEGIN_WMB
			SEQ_SHOW(1);
#endif
			batch = rdllist;
			ready_lock = 0
		:: else -> scanning = 0
		fi
	}
}

/* Without the barrier, an item may be seen to leave the list before seq is seen to be odd. */
inline xp_scan_looked()
{
#ifdef WITHOUT_SCAN_BEGIN_WMB
	atomic { SEQ_SHOW(1) }
#else
	skip
#endif
}

/* scan.c: xp_scan_end(), with xp_merge_overflow() */
inline xp_scan_end()
{
	atomic {
		ready_lock == 0 -> ready_lock = 1;
#ifdef WITHOUT_SCAN_END_RELEASE
		SEQ_SHOW(0);
	}
	atomic {
#endif
#ifdef WITHOUT_LISTED_CHECK_IN_MERGE
		MUST(torn_list, !(ovflist & rdllist));
#endif
#ifndef WITHOUT_OVFLIST_MERGE
		rdllist = rdllist | ovflist;
#endif
		ovflist = 0;
		batch = 0;
		scan_odd = 0
	}
#ifndef WITHOUT_SCAN_END_RELEASE
	atomic {
		SEQ_SHOW(0);
	}
#endif
#ifndef WITHOUT_SCAN_END_WAKE
	if
	:: rdllist != 0 -> xp_wake_waiter()
	:: else
	fi;
#endif
	ready_lock = 0
}

inline xp_scan_unlock()
{
#ifdef WITHOUT_SCAN_MUTEX
	skip
#else
	mtx = 0
#endif
}

/* Without wq.lock, since the running scan owns the ready list. */
#define UNLIST(i) rdllist = rdllist & ~BIT(i)
#define LOOKED(i) batch = batch & ~BIT(i)

/*
 * scan.c: xp_deliver() for one item: poll, store, xp_keep_delivered(). A kept item stays on the
 * list, but this scan does not visit it again.
 */
inline xp_deliver_item(i)
{
	atomic {
		/* xp_epitem_poll() */
		reported = data[i] && armed[i];
		if
		:: !reported ->
			due[i] = 0;
			queued[i] = (ovflist & BIT(i)) != 0;
			note_nothing()
		:: else
		fi
	}
	if
	:: !reported -> LOOKED(i); UNLIST(i)
#ifdef FAULT
	:: reported && !faulted ->
		/* xp_put_event() failed: the item stays in place, armed as before */
		atomic {
#ifdef WITHOUT_PUT_BACK
			UNLIST(i);
#endif
			faulted = 1;
			efault = 1
		}
		break
#endif
	:: reported ->
		atomic {
			MUST(duplicate, KIND(i) == LEVEL || credit[i] > 0);
			credit[i] = credit[i] - (KIND(i) != LEVEL);
			got = got | BIT(i);
			LOOKED(i);
#ifndef WITHOUT_ONESHOT_DISARM
			armed[i] = (KIND(i) != ONESHOT);
#endif
			if
#ifndef WITHOUT_LEVEL_REQUEUE
#ifdef WITHOUT_EDGE_STAYS_OFF
			:: KIND(i) == EDGE -> skip
#endif
			:: KIND(i) == LEVEL -> skip
#endif
			:: else ->
				UNLIST(i);
				due[i] = 0;
				queued[i] = KIND(i) == LEVEL || (ovflist & BIT(i)) != 0
			fi;
			note_nothing()
		}
	fi
}

/* scan.c: xp_scan_once(), called by xp_scan_deliver() */
inline xp_scan_deliver()
{
	xp_scan_begin();
	if
	:: scanning ->
		do
		:: batch == 0 || (got & BIT(0)) + ((got >> 1) & 1) >= MAXEVENTS -> break
		:: else ->
			if
			:: batch & BIT(0) -> xp_deliver_item(0)
			:: batch & BIT(1) -> xp_deliver_item(1)
			fi
		od;
		xp_scan_looked();
		xp_scan_end()
	:: else
	fi;
	xp_scan_unlock()
}

/* wait.c: xp_sleep() */
inline xp_sleep(w)
{
	atomic {
		ready_lock == 0;
		in_sleep[w] = 1;
#ifndef WITHOUT_STATE_BEFORE_QUEUE
		interruptible[w] = 1;
#endif
#ifdef WITHOUT_RECHECK_BEFORE_SLEEP
		ready = 0;
#else
		ready = READY_LOCKED;
#endif
		if
		:: !ready -> wq = wq | BIT(w)
		:: else
		fi
	}
#ifdef WITHOUT_STATE_BEFORE_QUEUE
	interruptible[w] = 1;
#endif
	if
	:: ready
	:: !ready && (!interruptible[w] || killed[w] || signalled[w])
	:: !ready && TIMEOUT(w) == TIMED ->
		atomic {
			past = 1;
			saw_none[w] = 0;
			note_nothing()
		}
	:: !ready && quiet -> signalled[w] = 1
	fi;
	/* fast path: list_empty_careful(), without the lock */
	atomic {
		interruptible[w] = 0;
		if
		:: ready || !(wq & BIT(w)) ->
			ready = 1;
			in_sleep[w] = 0
		:: else
		fi
	}
	if
	:: ready
	:: else ->
		atomic {
			ready_lock == 0;
#if defined(WITHOUT_LOOK_AFTER_SLEEP)
			ready = 0;
#elif defined(WITHOUT_WOKEN_LOOK)
			ready = READY_LOCKED;
#elif defined(WITHOUT_READY_LOOK)
			ready = !(wq & BIT(w));
#else
			ready = !(wq & BIT(w)) || READY_LOCKED;
#endif
#ifndef WITHOUT_REMOVE_ENTRY
			wq = wq & ~BIT(w);
#endif
			in_sleep[w] = 0
		}
	fi
}

/* scan.c: xp_pass_on() */
inline xp_pass_on()
{
#ifdef WITHOUT_PASS_ON
	skip
#else
	atomic { ready_lock == 0 -> ready_lock = 1 }
	if
	:: READY_LOCKED -> xp_wake_waiter()
	:: else
	fi;
	ready_lock = 0
#endif
}

/* ctl.c: xp_ctl_change(), MOD that arms an item again */
inline xp_ctl_mod(i)
{
	atomic { mtx == 0 -> mtx = 1 }
#ifdef WITHOUT_MASK_BEFORE_POLL
	reported = data[i];
#endif
	atomic { armed[i] = 1; credit[i] = 1 }
#ifndef WITHOUT_MASK_BEFORE_POLL
	reported = data[i];
#endif
#ifndef WITHOUT_MOD_POLL
	if
	:: reported -> xp_make_ready(i)
	:: else
	fi;
#endif
	mtx = 0
}

/* A program's reaction to an event: read everything, then arm the item again. */
inline use(i)
{
#ifndef KEEP
	atomic { data[i] = 0; note_nothing() }
#endif
	if
	:: KIND(i) == ONESHOT -> xp_ctl_mod(i)
	:: else
	fi
}

/* wait.c: xp_wait_events(), xp_wait_ready() and xp_wait_asleep(); scan.c: xp_scan_deliver() */
proctype waiter(byte w)
{
	byte got, to_visit, candidates;
	bit ready, past, scanning, woken, reported, wanted, poller_was_queued, efault, looked_twice;

again:
	atomic {
		got = 0;
		looked_twice = 0;
		past = (TIMEOUT(w) == ZERO);
		saw_none[w] = 0;
		note_nothing()
	}
	xp_ready(w);
	do
#ifdef WITHOUT_LOOK_BEFORE_SIGNAL
	:: ready && signalled[w] -> goto out
#endif
	:: ready && killed[w] ->
		xp_pass_on();
		goto out
	:: ready && !killed[w] ->
		xp_scan_deliver();
		if
		:: got || efault -> break
		:: else ->
#ifdef WITHOUT_LOOK_AFTER_EMPTY_SCAN
			ready = 0
#else
			if
			:: !looked_twice ->
				looked_twice = 1;
				xp_ready(w)
			:: else ->
				looked_twice = 0;
				ready = 0
			fi
#endif
		fi
	:: !ready && past ->
		MUST(falsely_empty, saw_none[w]);
		break
	:: !ready && !past && (killed[w] || signalled[w]) -> goto out
	:: !ready && !past && !killed[w] && !signalled[w] ->
		xp_sleep(w);
		looked_twice = 0;
		if
		:: ready -> xp_ready(w)
		:: else
		fi
	od;
	if
	:: got & BIT(0) -> use(0)
	:: else
	fi;
	if
	:: got & BIT(1) -> use(1)
	:: else
	fi;
	if
	:: TIMEOUT(w) == ENDLESS && !efault -> goto again
	:: else
	fi;
out:
	MUST(stale_entry, !(wq & BIT(w)))
}

/* scan.c: xp_poll_until_ready() for one item */
inline xp_poll_item(i)
{
	atomic {
		if
		:: data[i] && armed[i] -> ready = 1; break
		:: else ->
			due[i] = 0;
			queued[i] = (ovflist & BIT(i)) != 0;
			LOOKED(i);
			UNLIST(i);
			note_nothing()
		fi
	}
}

/* scan.c: xp_scan_poll(), called by poll(2) or by a watching instance */
proctype poller()
{
	byte to_visit, candidates;
	bit scanning, woken, ready;

#ifndef WITHOUT_POLL_WAIT_FIRST
	poller_queued = 1;
#endif
	do
	:: quiet -> break
	:: else ->
		poller_sleeps = 1;
		ready = 0;
		xp_scan_begin();
		if
		:: scanning ->
			/* xp_poll_until_ready() */
			do
			:: batch == 0 -> break
			:: batch & BIT(0) -> xp_poll_item(0)
			:: batch & BIT(1) -> xp_poll_item(1)
			od;
			xp_scan_looked();
			xp_scan_end()
		:: else
		fi;
		xp_scan_unlock();
#ifdef WITHOUT_POLL_WAIT_FIRST
		poller_queued = 1;
#endif
		if
		:: ready -> poller_sleeps = 0; break
		:: !ready && (!poller_sleeps || quiet)
		fi
	od;
	poller_sleeps = 0;
	poller_queued = 0
}

/* Makes the file ready and then wakes its wait queue. */
proctype source(byte i)
{
	byte writes, to_visit, candidates;
	bit woken, wanted, poller_was_queued;

	do
	:: writes == WRITES -> break
	:: else ->
		atomic { data[i] = 1; due[i] = 1 }
		xp_callback(i);
		writes++
	od
}

/* signal_wake_up() of waiter 0 */
proctype killer()
{
	atomic {
#ifdef KILL
		killed[0] = 1;
#else
		signalled[0] = 1;
#endif
		interruptible[0] = 0
	}
}

init {
	atomic {
		armed[0] = 1;
		armed[1] = 1;
		credit[0] = (KIND0 == ONESHOT);
		credit[1] = (KIND1 == ONESHOT);
#ifdef READY_BEFORE
		data[0] = 1;
		due[0] = 1;
		queued[0] = 1;
		credit[0] = 1;
		rdllist = BIT(0);
#endif
		run waiter(0);
#ifndef ONE_WAITER
		run waiter(1);
#endif
#ifdef POLLER
		run poller();
#endif
#if SOURCES > 0
		run source(0);
#endif
#if SOURCES > 1
		run source(0);
#endif
#if ITEMS > 1
		run source(1);
#endif
#if defined(KILL) || defined(SIGNAL)
		run killer();
#endif
	}
	/* no other task can run: everything is at rest */
	timeout;
	MUST(lost_wakeup, !(UNHEARD(0) || UNHEARD(1)) ||
			  (!in_sleep[0] && !in_sleep[1] && !poller_sleeps));
	quiet = 1
}
