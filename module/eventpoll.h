/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * An instance, and the rules that the whole module keeps.
 *
 * LAYERS: a file calls only files on the lines below its own
 *
 *	main.c				load and unload
 *	device.c			/dev/xpoll: creates instances, counts by group
 *	attach.c			when epoll's own functions are hooked
 *	calltest.c calls.c		the test of these hooks; what runs in place of the functions
 *	file.c				operations of an instance's file
 *	instances.c fdinfo.c		the list of all instances, for root; one in /proc/PID/fdinfo
 *	enter.c change.c		ENTER: changes, then a wait; one change by itself
 *	changes.c minimum.c		changes of ENTER; a wait for several events
 *	slotchange.c closehook.c	changes by slot; when the hook on each close is attached
 *	ctl.c wait.c post.c selftest.c	the other ioctls; the test at load
 *	hook.c				adds an item to its file's wait queues
 *	ringscan.c			asks the items of a ready ring, and takes from it
 *	scan.c dispatch.c		polls the items of the ready list; chooses an instance
 *	ringcall.c			wake-ups of the files of a ready ring
 *	busypoll.c			polls the network device before a wait sleeps
 *	lastref.c			a scan that got a file's last reference
 *	nest.c lastclose.c fdclose.c	limits of nesting; the hooks on every final fput and on
 *					every close of a descriptor
 *	eventpoll.c process.c		allocation, references and end of an instance; the processes
 *					that create instances by epoll_create(2)
 *	ended.c				items whose descriptors were closed
 *	epitem.c			creation and end of an item
 *	removed.c			records of watches that have ended
 *	callback.c			wake-ups
 *	choose.c several.c		chooses a waiter; tasks that wait for several events
 *	owned.c				the table of watches that end with their descriptor
 *	watched.c group.c peers.c	the table of watched files; groups of instances;
 *					EXCLUSIVE watches of one file in a group
 *	ring.c				the slots of a ready ring
 *	slots.c ringmemory.c		numbers for the items of an instance; a ready ring's memory
 *	wake.c paths.c wakesource.c quota.c stats.c attempt.c ftracehook.c decide.c amount.c
 *
 * An inline function counts as a part of each file that includes it. A scan that polls a
 * watched instance recurses within scan.c, or calls ringscan.c by the pointer in the instance's
 * ring. attempt.c calls those who attach hooks by its argument @set_up, and fdclose.c the test of
 * its hook by @test. Otherwise only the kernel calls upward: a wait queue calls xp_callback(), the
 * final fput in a worker of lastref.c calls xp_last_close(), and a close of a descriptor calls
 * xp_fd_close().
 * xp_eventpoll_of() compares an address that file.c defines, and calls nothing.
 *
 * OBJECTS: what holds each, how it is found, what frees it
 *
 * struct eventpoll, the instance
 *	Found by its file's private_data and by an epitem's @ep. Its file holds one reference, which
 *	->release() drops. A last close, a walk in nest.c, and a close of a descriptor take another
 *	for as long as they work on the instance. They find it by an item in the table of watched
 *	files, under the bucket's lock, or of owned watches, under the owner's. A walk down finds it
 *	by the file of an item, under the tree_mutex of the instance that watches. The epitems hold
 *	no reference: all of them are gone before the file drops its own. Also found in the list of
 *	all instances, from before its descriptor exists until ->release() has removed the items; a
 *	reader of that list copies from it under xp_instances_lock and takes no reference. Freed
 *	with the last reference, never under its own mutex.
 *
 * struct xp_instances_walk, a reader of the list of all instances (instances.c)
 *	Found by its open file, which frees it, and in that list by its place.
 *
 * struct epitem, a watched descriptor, or item
 *	Found in its instance's tree, in the table of watched files, on the ready and
 *	overflow lists, and by its wait queue entries. Freed a grace period after it has
 *	left all of them, since RCU readers walk the table.
 *
 * struct sock, of which an extended event tells, or whose device a wait polls
 *	Held by its file. A scan reads it while it has the reference to the file for ->poll().
 *	xp_busy_learn() reads it while wq.lock or the mutex keeps an item of the file in the table
 *	of watched files.
 *
 * struct ep_wide, an item with more fields
 *	Its first member is the item, and it lives as long. One that ends with its descriptor is
 *	also found in the table of owned watches. It leaves that by the close of the descriptor, and
 *	is then found on the instance's list of ended items, unless the close has got the mutex
 *	and removes the item itself; or when it ends otherwise, after its wait queues and the
 *	ready list, and before the table of watched files. A close without the mutex uses the
 *	item under its owner's lock only, and whoever ends an item that has an owner takes that
 *	lock.
 *
 *	A wide item that reports its end (removed.h) becomes a record then. A record is found by
 *	the ready list, and once it was delivered by @told of the instance. It holds nothing, and is
 *	freed by the scan that has delivered it, or with the instance.
 *
 * struct ep_owner, a table of descriptors with watches that end with their descriptors
 *	Found by its items until they end, or until a close takes them out that has got their
 *	instance's mutex; and under RCU in the table of owned watches, where it is as long as it has
 *	items that have not ended. It counts both kinds under its lock. A close of a descriptor in
 *	it, and an addition, use it as RCU readers under its lock. Freed a grace period after the
 *	last item has let it go.
 *
 * struct files_struct, the owner of a watch that ends with its descriptor
 *	NOT held, and followed only by a task that closes a descriptor in it or adds a watch of
 *	one, which keeps it. All other uses compare addresses. An address is not that of another
 *	table of descriptors as long as its struct ep_owner has items in its trees: the kernel
 *	closes each descriptor of a table before it frees the table, and xp_fd_close() takes out
 *	the items of each.
 *
 * struct eppoll_entry, an item's wait queue entry
 *	Found by a wait queue of the watched file, under that queue's lock. The first one
 *	is part of the epitem. The others are freed once they have left their wait queues.
 *
 * struct file, the watched file
 *	NOT held: a watch must not keep the file open. This rule replaces a reference: an
 *	item leaves the table of watched files only after its last access to the file and
 *	to the file's wait queues. __fput() calls xp_last_close() before it frees
 *	anything. If that finds an item of the file in the table, it waits for the mutex
 *	of the item's instance and removes the item itself. If it finds none, the module
 *	does not access the file again.
 *	A scan may meet a file that is in __fput() already. It takes a reference first,
 *	and does not poll a file whose count is zero (xp_epitem_poll()).
 *
 * struct ep_post, the instance's own event, with an item that watches no file
 *	Found by the instance, and its item on the ready and overflow lists. Neither in the tree
 *	nor in the table of watched files, nor on any wait queue. Created by the first
 *	XPOLL_IOC_POST, freed with the instance.
 *
 * struct ep_slots, numbers for an instance's items
 *	Found by the instance under its mutex, and created when the instance first needs a
 *	number. An item gives its number back before it leaves the tree. Freed with the
 *	instance.
 *
 * struct ep_ring, a ready ring
 *	Found by its instance, which gets it before anybody else finds the instance, and
 *	freed with the instance. It holds a file of its own, which has the shared memory and
 *	is held by each mapping as well; the last of them frees the pages. An item of such an
 *	instance is a struct ep_ring_item, on ring->level under wq.lock besides where other
 *	items are. It leaves the ring after its wait queues and before the table of watched
 *	files (xp_ring_leave()).
 *
 * struct ep_group, instances that are counted together
 *	Found by its number while its device file is open (under RCU), by that file,
 *	and by its instances, each of which holds a reference. Holds its creator's PID
 *	namespace. Freed a grace period after the last reference.
 *
 * struct ep_wake, a wake policy with its table of workers
 *	Found by the instance's @wake under wq.lock, by the group's under a reference to the
 *	group, and by a struct ep_peers. Each of these holds a reference. The page of the
 *	table is also held by its mappings. The BPF program is found under RCU, and freed a
 *	grace period after the policy has dropped it.
 *
 * struct ep_peers, EXCLUSIVE watches of one wait queue in one group
 *	Found by the entries, each of which counts as a user, and in the policy's tree.
 *	Freed with the last entry. An entry (struct ep_peer) is freed once it has left the
 *	wait queue; until then its item and its instance live. So xp_dispatch(), which runs
 *	under the queue's lock, may use each entry of the same queue, its item and instance.
 *
 * struct ep_optin, a number under which processes opted in with a group
 *	Found by the entry of each such process in process.c's table, which counts as a
 *	reference, and under RCU in xp_optins. Its number is given again a grace period after
 *	the last of these processes, so who reads an entry under RCU finds no other one by it.
 *
 * A CALL BY EPOLL'S OWN SYSTEM CALLS
 *
 *	The trampolines, deciders and replacements run before the kernel's code has taken a
 *	reference to anything. xp_decide() looks the descriptor up. If the table is not shared,
 *	only this task can close the descriptor, so the table's reference is enough until the
 *	call returns. Otherwise xp_decide() takes one, which the replacement drops. The file
 *	holds the instance and the module, and a call sleeps only while it has it.
 *	xp_do_epoll_create() has no file yet: xp_decide_create() takes a reference to the
 *	module. Whatever runs before or after that does not sleep, so synchronize_rcu_tasks()
 *	waits for it after the hooks are detached.
 *
 * THE END OF AN ITEM: four ways, each of which holds the instance's mutex
 *
 * EPOLL_CTL_DEL, or an EPOLL_CTL_ADD that fails
 *	The caller's descriptor keeps the file open. A DEL by slot or cookie has none: while it
 *	holds the mutex the item is in the table, so a last close waits for the mutex before the
 *	file is freed. xp_epitem_detach() takes the item off
 *	its wait queues (taking their locks waits for a running callback), off the ready
 *	list, out of the table and out of the tree, in this order. The mutex excludes a
 *	scan, and the overflow list is empty unless a scan runs.
 * last close of the file
 *	No descriptor leads to the file, so DEL can't remove the item. xp_last_close()
 *	takes a reference to the instance under the bucket's lock, which keeps the item in
 *	the table and so the instance alive. It then waits for the mutex, removes all
 *	items of this file in the instance, and looks into the table again until it finds
 *	no item.
 *	If a scan's reference turns out to be the last one, fput() would defer the final
 *	fput to the task's return to user space, and the task may sleep before that. So
 *	xp_lastref_give() removes the file's items of this instance after the scan, and a
 *	worker does the final fput. Until then the item that the scan polled holds the
 *	file, its user and the module, and no longer belongs to the instance.
 * close of the descriptor, if the watch ends with it
 *	The closing task has a reference to the file. xp_fd_close() finds in the table of owned
 *	watches the items of this file and this table of descriptors whose numbers no longer mean
 *	the file. Under the owner's lock it takes a reference to their instance and tries to take
 *	the mutex, without waiting. If it gets the mutex, it takes the items out, disarms them, and
 *	removes them after it has let go of the owner's lock. If another task has the mutex, the
 *	close takes the items out, puts them on @ended of the instance and disarms them, and that
 *	task removes them before or after it lets go (xp_eventpoll_unlock()). Until then the item is
 *	disarmed, and its quota is charged. It is in the tree and the table of watched files, unless
 *	the task that has the mutex is about to put it there. The last close of the file, the
 *	release of the instance, or DEL may find it first: all of them have the mutex, and
 *	xp_owned_del() takes it off @ended.
 * release of the instance
 *	No ioctl runs, since each holds the instance's file. A watched file may be in its
 *	last close at the same time. Whichever task takes the mutex first removes the
 *	item. The other one finds no item. By the rule above the file is freed only after
 *	that.
 *
 * POLLFREE
 *	A wait queue may be freed before its file: signalfd's belongs to a process,
 *	binder's to a thread. Its owner wakes it with POLLFREE and frees it a grace period
 *	later. xp_callback_free() takes the entry off the queue and then clears @whead.
 *	xp_unhook() reads @whead under RCU. NULL means that the callback is done with the
 *	entry. Any other value is a queue that is not freed yet. If xp_unhook() takes its
 *	lock first, the callback is not called for this entry. Otherwise xp_unhook()
 *	removes an entry that is on no list, which is harmless. The item stays, and ends
 *	in one of the four ways.
 *
 * READINESS: the states of an item
 *
 *	state		@rdllink	@next			changed by
 *	idle		empty		EP_UNACTIVE_PTR		holder of wq.lock
 *	listed		on @rdllist	EP_UNACTIVE_PTR		holder of wq.lock
 *	scanned		on @rdllist	EP_UNACTIVE_PTR		the scanning task alone
 *	overflow	either		on @ovflist		@next: holder of wq.lock
 *
 *	from		to		by
 *	idle		listed		xp_callback() without a scan, xp_make_ready()
 *	listed		scanned		xp_scan_begin(): @scan_seq becomes odd
 *	scanned		idle		the scan: the file has nothing, or the event was
 *					delivered with EPOLLET or EPOLLONESHOT
 *	idle, scanned	overflow	xp_callback() during a scan
 *	scanned		listed		xp_scan_end(): @scan_seq becomes even
 *	overflow	listed		xp_scan_end(), before that; those that came while it
 *					merged a long overflow list, after that
 *	idle, listed	removed		xp_epitem_detach()
 *	removed		listed		xp_removed_tell(): the item is a record from then on
 *
 * ENTER may deliver the event of an item that its change found ready while the item stays idle
 * (changes.c), all under one hold of @mtx.
 *
 * An instance with a ready ring has no scanned items and no overflow list. @rdllist has the items
 * that are to be polled; a task that polls takes each off the list under wq.lock, and holds @mtx.
 *
 * A scan works on @rdllist itself, without wq.lock, so the callback must not touch @rdllink
 * meanwhile. No item is scanned or on the overflow list unless the scanning task holds @mtx.
 *
 * LOCKS: outermost first
 *
 * eventpoll.mtx
 *	The tree, its items, their registration, and scans, which copy to user space and
 *	call ->poll(), so its holder may wait for user space. Nested from the watching to the
 *	watched instance; the lockdep subclass is the number of links from the instance that
 *	the user called.
 *	A close of a descriptor only tries it, the first time under ep_owner.lock, which is taken
 *	under this mutex elsewhere: a holder may be blocked for any time, and a close may
 *	run under locks that ->poll() takes, or that others need: seccomp's notify_lock (ADDFD
 *	with SETFD), cred_guard_mutex and exec_update_lock (exec), io_uring's uring_lock.
 * xp_nest_mutex
 *	One mutex for the machine. It serializes the checks of each ADD of an instance to an
 *	instance, and of each ADD to an instance that is watched or about to be: two such calls at
 *	once could each add half of a cycle. The item is linked before this mutex is released, and
 *	hooked after that. The first POST to such an instance takes it as well, to count paths.
 *	Waiters are killable. The holder waits for neither memory nor user space. Taken under the
 *	mutex of the instance that watches. nest.c says what bounds the walks.
 * eventpoll.tree_mutex
 *	A task that changes the tree holds it in addition to @mtx, so that a walk of nest.c needs no
 *	@mtx. Held for one change, for a few steps of a walk down, or for the walk up from one file.
 *	Nothing under it waits for memory or for user space, so a close of a descriptor may wait for
 *	it.
 * ep_wake.lock
 *	The policy's tree of struct ep_peers, and changes of the policy. Taken under the
 *	mutex of an instance or by itself. Nothing under it waits for
 *	memory, since a close of a descriptor takes it that has got the instance's mutex.
 * lock of a watched file's wait queue
 *	Not ours. The callback runs under it, possibly in interrupt context. It also protects
 *	the list of a struct ep_peers.
 * eventpoll.wq.lock
 *	The ready and overflow lists, @scan_seq, and the queue of waiters. It is that
 *	queue's own lock, so the callback wakes a waiter without a second lock.
 * lock of eventpoll.poll_wait
 *	Taken under no wq.lock, but under the others above. For an instance that watches
 *	this one it is the lock of a watched file's wait queue, so that one's wq.lock is
 *	taken under it. The lockdep subclass is the distance from the watched file.
 * lock of a bucket in the table of watched files (watched.c)
 *	The bucket's chain and its files' lists. Taken inside the mutexes above or by itself,
 *	and no lock is taken under it.
 * ep_owner.lock
 *	The trees of an owner's files, and the lists of its items. Taken inside the mutexes above or
 *	under RCU: by tasks that close descriptors in this table of descriptors, that add watches of
 *	them, or that remove such watches. An instance's wq.lock is taken under it, and the lock of
 *	the owner's bucket, and no other; an instance's mutex is tried.
 * lock of a bucket in the table of owned watches (owned.c)
 *	The bucket's chain of owners. Taken under an owner's lock, and no lock is taken under it.
 * files_struct.file_lock
 *	Not ours. Taken under an instance's mutex to see whether a number is still a descriptor.
 * xp_closehook.lock (closehook.c)
 *	Attaching the hook on each close. Taken under the lock of the module's parameters or by
 *	itself, and under none of the others. The test of the hook takes the mutex of an instance
 *	of its own under it.
 * xp_hooks.lock (attach.c)
 *	Attaching and detaching the hooks on epoll's functions, and all that this takes. Taken
 *	under the lock of the module's parameters or by itself, and under none of the others.
 * ep_group.lock (group.c)
 *	Taken under none of these, and no lock is taken under it.
 * xp_instances_lock (instances.c)
 *	The list of all instances, and the places of its readers. Held for the copy of one line, and
 *	to pass the places of other readers, 63 at most. Taken under none of these, and no lock is
 *	taken under it.
 *
 * With CONFIG_PREEMPT_RT all of them sleep.
 *
 * MEMORY ORDER: the pairs of barriers
 *
 *	first function		its barrier			what the second relies on
 *	second function		its barrier
 *
 *	xp_watched_del()	smp_mb__after_spinlock() (A)	no item in the table: no
 *	xp_watched_none()	smp_load_acquire() (B)		access to the file follows
 *	xp_last_close_watched()	smp_acquire__after_ctrl_dep() (B)
 *
 *	xp_callback_free()	smp_store_release(@whead)	NULL: the entry has left
 *	xp_unhook(),		smp_load_acquire(@whead)	its wait queue
 *	xp_peer_unhook()
 *
 *	xp_scan_begin()		smp_wmb()			an empty list, and @scan_seq
 *	xp_ready()		smp_rmb()			as before: no scan emptied it
 *
 *	xp_scan_leave()		smp_store_release(@scan_seq)	even: the list has all that
 *	xp_ready()		smp_load_acquire(@scan_seq)	the scan left
 *
 *	xp_modify_poll()	smp_mb()			an event that ->poll() did
 *	xp_events_of()		smp_mb__after_spinlock()	not see meets the new @events
 *								in the callback
 *
 *	xp_owned_end()		smp_mb()			a close that finds the mutex
 *	xp_ended_unlock()	smp_mb()			taken: the holder sees @ended
 *
 *	xp_owned_end()		smp_mb()			a change that finds @ended
 *	xp_modify_poll()	smp_mb()			empty is not armed at last
 *
 *	xp_owner_uncharge()	smp_wmb()			no owner: the items of the
 *	xp_owned_none()		smp_load_acquire()		closer's number are disarmed, and
 *	xp_owned_collect()	smp_acquire__after_ctrl_dep()	on @ended or in the hands of a
 *								task that has the mutex
 *
 *	xp_ctl_check_nested()	smp_store_release(@nesting)	false: @watchers is raised,
 *	xp_is_nested()		smp_load_acquire(@nesting)	or the addition failed
 *
 *	xp_ctl_check_nested()	smp_mb()			@nesting is not seen: the
 *	xp_nest_begin_posts()	smp_mb__after_atomic()		walk sees @posters
 *
 *	xp_measure_below()	@tree_mutex			@nesting is not seen: the
 *	xp_epitem_link()	@tree_mutex			walk sees and promotes the item
 *
 *	xp_times_wake()		smp_mb()			a wake-up that left the time
 *	xp_times_take()		xchg(@woken_ns)			alone is in @woken
 *
 *	xp_extended_begin()	smp_mb()			a new number of a batch: what
 *	another thread, which	the instance's mutex, in a	the caller did with the events
 *	reads the number	wait of its own			that it had before
 *
 *	the socket's reader,	the socket's lock		what TCP has received is at
 *	and TCP							least what was read
 *	xp_amount_tcp()		smp_load_acquire(@copied_seq)
 *
 *	TCP			inet_sk_state_store()		a state after SYN_SENT: sequence
 *	xp_amount(),		inet_sk_state_load()		numbers that are set
 *	xp_amount_tcp_rare()
 *
 *	xp_waiter_wake()	list_del_init_careful()		an empty entry: the waker
 *	xp_sleep()		list_empty_careful()		is done with it
 *
 *	xp_process_start()	smp_store_release(@xp_table)	an empty table
 *	xp_entry_of_caller()	smp_load_acquire()
 *
 *	xp_process_start()	tracepoint_synchronize_		an empty table
 *	xp_may_be_in()		unregister() between the
 *				store and the probes
 *
 *	xp_group_made()		cmpxchg()			a group whose fields are set
 *	xp_group_of()		smp_load_acquire()
 *
 *	xp_group_give_wake()	smp_store_release(@wake)	a policy whose fields are set
 *	xp_group_wake()		smp_load_acquire()
 *
 *	xp_post_make()		cmpxchg(@post)			an event whose fields are set
 *	xp_post()		smp_load_acquire(@post)
 *
 *	xp_attempt_make()	smp_store_release(@done)	hooks that work, and the table
 *	xp_attempt_done()	smp_load_acquire()		of processes or owned watches
 *
 *	put_files_struct()	atomic_dec_and_test(@count)	1: what the other threads did
 *	xp_decide(),		atomic_read_acquire()		to the table of descriptors
 *	xp_owned_stands()
 *
 *	fd_install()		rcu_assign_pointer()		an instance whose @f_op and
 *	xp_decide()		address dependency		@private_data are set
 *
 *	fput() of another task	RMW with a value returned	still open and the same file:
 *	xp_decide_shared()	atomic_long_inc_not_zero()	what the look-up after it finds
 *
 *	xp_last_close_watched()	atomic_inc(@inflight), after	0, after all tasks passed
 *	xp_lastclose_exit()	it a sleep; synchronize_	through the scheduler: no task
 *				rcu_tasks() around the load	is in the module's code
 *
 *	xp_ring_push()			smp_store_release(@tail)	an entry's number, and bits
 *	xp_ring_take_one(), consumers	smp_load_acquire(@tail)		and data of its slot
 *	in user space
 *
 *	xp_ring_push()			smp_mb__before_atomic()		bits of a slot that has its
 *	xp_ring_take_one(), consumers	exchange, acquire		entry already: its data, and
 *	in user space							what the waker did before
 *
 *	consumers			cmpxchg(@head), release		a @tail that is not older
 *	xp_ring_take_one(), consumers	smp_load_acquire(@head)		than the @head
 *
 *	xp_ring_change()		smp_store_release(@events)	bits that only the new
 *	xp_ring_callback()		control dependency, then	events have: the new data
 *					smp_mb__before_atomic()		of the slot
 *
 *	an owner in user space		cmpxchg(bits), release		no XPOLL_RING_QUEUED: what
 *	the next consumer		exchange, acquire		the owner did before
 *
 *	a consumer in user space	release of @head or bits	a slot that nobody holds:
 *	xp_ring_reclaim()		control dependency		its data has been read
 *
 * Items in the table's chains and @ws of an item are published and read by RCU's macros.
 *
 * Accesses without a lock that need no order, each marked, of one word:
 *
 *	@events of an item	written under mtx, by a close (owned.h), and of a ring's ONESHOT
 *				item by its callback under wq.lock. A callback that reads the
 *				old ones of a ONESHOT item queues it once more, and the scan
 *				polls it; xp_modify_poll() has its own pair above
 *	@busy			how a wait polls before it sleeps, and for how long; a number of
 *				a NAPI that has ended is harmless
 *	@rdllist of an instance	xp_busy_is_ready() looks whether it is empty; the wait decides
 *	with a ready ring	under wq.lock before it sleeps
 *	@rdllist of another,	xp_batch_found() and xp_batch_deliver() look under mtx whether
 *	@rdllink of its item	there is anything to deliver, and decide in the scan;
 *				xp_epitem_detach() looks after the item has left its wait queues
 *	@worker, a worker's	choose among waiters that would all do
 *	load and heartbeat,
 *	@policy, @heartbeat_ns,
 *	@clock_offset_ns
 *	ep_counts, and		statistics
 *	ep_wake_counts
 *	what instances.c copies	figures of one moment
 *	@file_items.first,	xp_check_item() reads them under xp_nest_mutex,
 *	@bucket_link.pprev	and xp_watched_promote() under the bucket's lock, too. An item
 *				that stays in the table leaves this place under the mutex only
 *	@watchers		read under xp_nest_mutex, which an addition holds, or under
 *				the bucket's lock, which an item that leaves takes after it
 *				has lowered the number
 *	@woken, @delivered	times.h says what is read, and when
 *	fields of sockets	a figure of one moment (amount.h)
 *	@not_before		a moment at which the hooks are tried again
 *	@pending		a limit
 *	xp_instances,		raised before a descriptor is installed, or by the task
 *	xp_processes		itself: whoever knows of the descriptor sees it, since
 *				fd_install() is a release
 *	entries of xp_table	written by the process itself or before it runs
 *	xp_max_user_watches,	limits
 *	@locked_vm of a user
 *	xp_nest_mutex		xp_ctl_await_nest() looks whether it is locked: a hint
 *	waitqueue_active()	of @wq and @poll_wait, under wq.lock. A waiter queues itself
 *				under it; a poller queues itself, then takes it for its scan
 *	the same in dispatch.c	whoever is missed is not chosen, but is woken in native order
 *	and changes.c		(@wq); has yet to wait for the mutex for its scan (@poll_wait)
 *
 * xp_owned_end() in three steps: put the item on @ended, full barrier, disarm it. After that the
 * close tries to take the mutex once more. The holder stores to the mutex, full barrier, and loads
 * @ended: of these two tasks at least one sees the other's store, so the item is removed. A change
 * stores the item's new events, full barrier, and loads @ended before it lets go of the mutex: if
 * that is empty, the close has not disarmed the item yet, and its store comes last. Either way
 * nobody who takes the mutex later finds the item armed. Such a change began before the close
 * returned.
 *
 * The first pair lets a last close that finds no item of its file take no lock. It is
 * message passing:
 *
 *	P0 removes the last item		P1 closes the file
 *
 *	access the file, its wait queues	load the table: no item of the file
 *	(A)					(B)
 *	store: unlink the item			->release() and free the file
 *
 * Forbidden: P1 sees the table without the item, and an access of P0 comes after the file
 * was freed. (B) is in xp_watched_none() if the bucket is empty, else in
 * xp_last_close_watched(). A last close that removed items saw the last of them leave under
 * the bucket's lock. On x86, which keeps this order by itself, (A) and (B) compile
 * to nothing; arm64 needs both: the litmus tests and the models fail without one.
 *
 * P1 may load a pointer that P2 stored when it changed the bucket after P0. P2 took the
 * bucket's lock after P0 released it, which orders P0's accesses before P2's store.
 *
 * Conversely, P1 sees each item that was added: the adding task holds a reference to the
 * file until the item is in the table. Its fput() is a release, and the final fput, an
 * acquire, comes after it.
 */
#ifndef XPOLL_EVENTPOLL_H
#define XPOLL_EVENTPOLL_H

/* <linux/eventpoll.h> needs these and does not include them. */
#include <linux/capability.h>
#include <linux/fs.h>
#include <linux/uaccess.h>

#include <linux/eventpoll.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/poll.h>
#include <linux/rbtree.h>
#include <linux/refcount.h>
#include <linux/sched.h>
#include <linux/wait.h>

struct ep_group;
struct ep_post;
struct ep_ring;
struct ep_slots;
struct ep_wake;
struct epitem;
struct user_struct;
struct wakeup_source;

/* Bits of an event mask that select no event, but say how events are delivered. */
#define EP_PRIVATE_BITS (EPOLLWAKEUP | EPOLLONESHOT | EPOLLET | EPOLLEXCLUSIVE)

/* The size of an array of events, in bytes, must fit into an int. */
#define EP_MAX_EVENTS (INT_MAX / sizeof(struct epoll_event))

/**
 * struct ep_counts - what calls on an instance have done
 * @watches: additions that succeeded [mtx]
 * @open_watches: items that exist [mtx]
 * @scans: scans on behalf of WAIT [mtx]
 * @events: events delivered [mtx; of an instance with a ring wq.lock]
 *
 * In brackets: the lock under which it is written. stats.c reads without.
 */
struct ep_counts {
	u64 watches;
	u64 open_watches;
	u64 scans;
	u64 events;
};

/**
 * struct ep_wake_counts - what wake-ups of an instance have done [as above; wq.lock]
 * @callbacks: wake-ups that called xp_callback()
 * @wakeups: wake-ups given to waiters
 * @overflows: items put on the overflow list
 */
struct ep_wake_counts {
	u64 callbacks;
	u64 wakeups;
	u64 overflows;
};

/**
 * struct ep_busy - busy polling (busypoll.h) [each read and written without a lock]
 * @usecs: how long a wait polls the device before it sleeps; 0 for the module's parameter
 * @budget: the most packets for each call of the driver; 0 for the kernel's default
 * @prefer: prefer busy polling to interrupts
 * @napi_id: number of the NAPI that waits poll; 0 for none
 */
struct ep_busy {
	u32 usecs;
	u16 budget;
	bool prefer;
	unsigned int napi_id;
};

#ifdef CONFIG_DEBUG_FS
/**
 * struct ep_listed - a place in the list of all instances, of an instance or of a reader
 * @link: entry in the list [xp_instances_lock]
 * @id: number of the instance, from 1 on, which no other one gets; 0 for a reader [constant]
 */
struct ep_listed {
	struct list_head link;
	u64 id;
};
#endif

/**
 * struct eventpoll - an instance
 * @wq: waiters, tasks in WAIT [its own lock]
 * @rdllist: items that may be ready, in order of delivery [wq.lock; during a scan changed by
 *	the scanning task alone; read without a lock by xp_ready()]
 * @ovflist: items that became ready during the scan, latest first [wq.lock]
 * @several: tasks that wait for several events, apart from @wq [wq.lock]
 * @arrivals: number of times that an item was put on @rdllist [wq.lock]
 * @scan_seq: odd while a scan runs [mtx and wq.lock; read without a lock by xp_ready()]
 * @ring: the ready ring, or NULL [constant]
 * @wake: the policy for waiters, or NULL [wq.lock]
 * @wake_counts: for STATS [wq.lock]
 * @poll_wait: tasks and instances that poll this instance [its own lock]
 * @mtx: see LOCKS
 * @closed: items whose files' last references the scan got [mtx]
 * @ws: keeps the system awake while a scan holds EPOLLWAKEUP items [mtx]
 * @owns: it has had a watch that ends with its descriptor [mtx]
 * @cleans: it @owns, or has had a watch that tells of its end: before the mutex is let go, @ended
 *	and @told are looked at [mtx]
 * @wakes_pollers: whoever lets go of the mutex wakes @poll_wait, for a record [mtx]
 * @tells: it has had a watch that tells of its end, or a task is adding one [mtx; read under
 *	xp_nest_mutex as well, after @tree_mutex was held if the instance was not watched before]
 * @told_of: another instance has had a watch of this one that tells of its end, or a task is
 *	adding one [xp_nest_mutex]
 * @nesting: a task is adding this instance to another [written under xp_nest_mutex]
 * @add_flags: XPOLL_CHANGE_* that each addition has [constant]
 * @counts: for STATS
 * @rbr: the items, by file and descriptor [mtx and tree_mutex; read under either]
 * @walk_next: while a walk of nest.c has let go of the tree: where it goes on [tree_mutex]
 * @told: records of watches that have ended, which the scan has delivered [mtx]
 * @post: the instance's own event, NULL before the first XPOLL_IOC_POST [set once]
 * @slots: numbers for the items, NULL if they need none [mtx]
 * @ended: items whose descriptors were closed [wq.lock; taken off under mtx as well; read without
 *	a lock by xp_ended_check() and xp_ended_flush()]
 * @user: the user whose quota is charged for the watches [constant]
 * @file: the instance's own file, the key that finds its watchers; neither held nor
 *	followed [constant]
 * @watchers: number of items of other instances that watch this one; raised after the item
 *	has entered the table, lowered before it leaves [atomic]
 * @refcount: see OBJECTS [atomic]
 * @posters: number of tasks that made its first XPOLL_IOC_POST, or are about to; those that fail
 *	are taken off again [atomic]
 * @worker: number in the group's table of workers, or 0 [read and written without a lock]
 * @pid: the process that created it [constant]
 * @group: the group that counts this instance, or NULL [constant until the release leaves it]
 * @group_link: place among the group's instances [the group's lock]
 * @busy: busy polling
 * @gen: number of the last walk in nest.c that came down here [xp_nest_mutex, as all below]
 * @paths_gen: number of the last walk that counted @paths
 * @paths: the paths up that it counted, see paths.h
 * @next_ended: once a walk has dropped the last reference: next of such instances
 * @depth: length of the longest chain down that @gen found
 * @sources_below: whether @gen found where wake-ups begin: a file that is no instance, or this or
 *	another instance, if it has an event of its own or other instances tell of its end
 * @watched_above: false if no instance that watches this one is watched itself
 * @nests: while a wake-up runs on @poll_wait, the lockdep subclass for @poll_wait of an
 *	instance that watches this one [poll_wait's lock]
 * @comm: name of the thread that created it, at that time [constant once listed]
 * @listed: place in the list of all instances. Last, apart from what waits read: others that create
 *	and close instances write it
 *
 * In brackets: what protects the field. The first two cache lines are all of the instance that a
 * wake-up with nobody waiting accesses; what scans and changes write under @mtx begins behind them.
 */
struct eventpoll {
	wait_queue_head_t wq;
	struct list_head rdllist;
	struct epitem *ovflist;
	struct rb_root_cached several;

	unsigned int arrivals;
	unsigned int scan_seq;
	struct ep_ring *ring;
	struct ep_wake *wake;
	struct ep_wake_counts wake_counts;
	wait_queue_head_t poll_wait;

	struct mutex mtx; /* see LOCKS */
	struct epitem *closed;
	struct wakeup_source *ws;
	bool owns;
	bool cleans;
	bool wakes_pollers;
	bool tells;
	bool told_of;
	bool nesting;
	u16 add_flags;

	struct ep_counts counts;
	struct rb_root rbr;
	struct mutex tree_mutex; /* see LOCKS */
	struct rb_node *walk_next;
	struct epitem *told;
	struct ep_post *post;
	struct ep_slots *slots;
	struct hlist_head ended;

	struct user_struct *user;
	struct file *file;
	atomic_t watchers;
	refcount_t refcount;
	atomic_t posters;
	u32 worker;
	pid_t pid;
	struct ep_group *group;
	struct list_head group_link;
#ifdef CONFIG_NET_RX_BUSY_POLL
	struct ep_busy busy;
#endif

	u64 gen;
	u64 paths_gen;
	union {
		u64 paths;
		struct eventpoll *next_ended;
	};
	int depth;
	bool sources_below;
	bool watched_above;
#ifdef CONFIG_DEBUG_LOCK_ALLOC
	u8 nests;
#endif
#ifdef CONFIG_DEBUG_FS
	char comm[TASK_COMM_LEN];
	struct ep_listed listed;
#endif
};

/* as that says, unless debugging or PREEMPT_RT makes a lock larger, or one processor needs none */
static_assert(sizeof(spinlock_t) != sizeof(u32) ||
	      offsetof(struct eventpoll, poll_wait.head.prev) == 2 * 64);

/*
 * @user: whose quota is charged; NULL for the module itself. Takes over the caller's
 * reference.
 */
struct eventpoll *xp_eventpoll_alloc(struct user_struct *user);
/* Not under the instance's mutex, which this may free. */
void xp_eventpoll_put(struct eventpoll *ep);
/* Free an instance whose last reference the caller has dropped. */
void xp_eventpoll_free(struct eventpoll *ep);
/* Remove all items. */
void xp_eventpoll_clear(struct eventpoll *ep);
/* Replace the policy for waiters by @wake, whose reference the instance takes over. */
void xp_eventpoll_set_wake(struct eventpoll *ep, struct ep_wake *wake);
/* Return: that policy, with a reference; or NULL. */
struct ep_wake *xp_eventpoll_get_wake(struct eventpoll *ep);

/* file.c */
extern const struct file_operations xp_eventpoll_fops;

/* Return: the instance of @file, or NULL if @file is no instance. */
static inline struct eventpoll *xp_eventpoll_of(const struct file *file)
{
	return file->f_op == &xp_eventpoll_fops ? file->private_data : NULL;
}

/* Does a scan own the ready list? */
static inline bool xp_scan_running(const struct eventpoll *ep)
{
	lockdep_assert_held(&ep->wq.lock);
	return ep->scan_seq & 1;
}

#endif /* XPOLL_EVENTPOLL_H */
