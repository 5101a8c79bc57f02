// SPDX-License-Identifier: GPL-2.0-only
/*
 * MOD against a wake-up, with store buffers: xp_ctl_change() in module/ctl.c and the read of
 * epi->events by xp_callback() in module/callback.c.
 *
 * MOD stores the mask and then polls the file. The waker stores the file's state and then,
 * through the wait queue, calls the callback, which reads the mask. Each stores one variable
 * and loads the other. If both stores are still in their processors' buffers when the loads
 * are done, both sides miss the event.
 *
 * Abstracted away: everything but these two pairs of accesses. A store goes into a buffer of
 * one entry, which drains at any time; a barrier waits until it is empty. Loads are not
 * reordered with each other: there is one on each side. The reference that xp_file_get_live()
 * takes is no barrier here: atomic_long_inc_not_zero() is one, but the file_ref_get() of
 * kernels from 6.13 on is relaxed.
 *
 * PROPERTY: missed, an item that is armed and ready is queued by MOD, by the callback or by both.
 */
bit missed; /* never set; its name in an assertion shows the property */
#define MUST(property, condition) assert((condition) || property)

bit events;      /* epi->events: the item is armed */
bit data;        /* the file is ready */
bit queued;

bit mod_buffer;  /* the stored mask, not yet visible to others */
bit file_buffer; /* the same for the file's state */
bit done;

#define MOD_BARRIER  (mod_buffer == 0)
#define FILE_BARRIER (file_buffer == 0)

active proctype xp_ctl_change()
{
	bit ready;

#ifdef WITHOUT_MASK_BEFORE_POLL
	ready = data;
	mod_buffer = 1;
#else
	mod_buffer = 1;
#ifndef WITHOUT_MOD_BARRIER
	MOD_BARRIER;
#endif
	ready = data;
#endif
#ifndef WITHOUT_MOD_POLL
	if
	:: ready -> queued = 1
	:: else
	fi;
#endif
	/* mutex_unlock() eventually drains the buffer */
	MOD_BARRIER;
	atomic { done -> MUST(missed, queued) }
}

/* Makes the file ready. The barrier is that of the callback: a lock is none on every processor. */
active proctype waker()
{
	file_buffer = 1;
#ifndef WITHOUT_WAKER_BARRIER
	FILE_BARRIER;
#endif
	/* xp_callback() */
	if
	:: events -> queued = 1
	:: else
	fi;
	FILE_BARRIER;
	done = 1
}

active proctype store_buffers()
{
end:
	do
	:: atomic { mod_buffer -> events = 1; mod_buffer = 0 }
	:: atomic { file_buffer -> data = 1; file_buffer = 0 }
	od
}
