/* SPDX-License-Identifier: MIT */
/*
 * The ready ring: events without a system call. An instance that xpoll_ring_create() creates puts
 * its events into memory that it shares with the program. All other calls on it are those of
 * <xpoll/xpoll.h> and <xpoll/wake.h>. XPOLL_IOC_CREATE_RING in <linux/xpoll.h> says what its event
 * bits mean: they tell what happened, so that a read may return EAGAIN.
 *
 *   struct xpoll_ring ring;
 *   struct xpoll_ring_event event;
 *   int epfd = xpoll_ring_create(1024, EPOLL_CLOEXEC);
 *   xpoll_ring_map(epfd, &ring);
 *   xpoll_ctl(epfd, EPOLL_CTL_ADD, fd, &interest);            // EPOLLIN | EPOLLET
 *   for (;;) {
 *     while (xpoll_ring_take(&ring, &event)) handle(event.data, event.events);
 *     xpoll_ring_wait(epfd, 1, -1);
 *   }
 *
 * A watch has a slot, whose number is in each of its events, and is the result of its
 * EPOLL_CTL_ADD by xpoll_enter(). With XPOLL_CHANGE_SLOT in xpoll_change.flags, the number takes
 * the place of the descriptor.
 *
 * A program whose watches all have EPOLLET or EPOLLONESHOT, on pipes, eventfds, timerfds, and UNIX,
 * TCP and UDP sockets, gets most events from the ring alone. If xpoll_ring_must_enter() returns
 * true, call xpoll_ring_wait() as well: the kernel has to poll the file of some watch.
 *
 * Threads: any number may take events by xpoll_ring_take(), xpoll_ring_own() and
 * xpoll_ring_release(). xpoll_ring_begin(), xpoll_ring_next() and xpoll_ring_end(), which cost
 * less, are for a program in which one thread alone takes events: between begin and end neither
 * another thread nor a signal handler may take any.
 *
 * Signals: all functions but xpoll_ring_create() may be called in a signal handler.
 *
 * Cancellation: xpoll_ring_wait() is a cancellation point of pthread_cancel(3), the other functions
 * are not. It takes no event, so none is lost, and if the thread was woken already, another thread
 * is woken in its place.
 *
 * Where several processes share an instance, one that is killed between a wait and the taking of
 * the event leaves the event to others, but these sleep on until the next one comes. If it is
 * killed while it takes an event or owns a watch, nobody gets an event of that watch any more,
 * whatever EPOLL_CTL_MOD says. End such a watch by EPOLL_CTL_DEL and add it anew; the ring then has
 * a slot less for as long as the instance lives. A process that knows that the killed one owned the
 * watch can call xpoll_ring_release() in its place.
 *
 * The functions rely on what is in the ring. A process that has it mapped, too, can make them
 * access any memory of the caller's, so share an instance only with processes that are trusted.
 *
 * Functions that return int and fail return -1 and set errno. A function whose name ends with an
 * underscore is for those here only, and may change.
 */
#ifndef XPOLL_RING_H
#define XPOLL_RING_H

#include <linux/xpoll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <xpoll/xpoll.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A mapped ring: what the functions here need to know of it. */
struct xpoll_ring {
  struct xpoll_ring_header* header;
  struct xpoll_ring_slot* slots;
  const uint32_t* index;
  uint32_t mask;
  size_t size;
};

/* An event: what xpoll_ctl() was told as data, event bits, and the number of the watch's slot. */
struct xpoll_ring_event {
  uint64_t data;
  uint32_t events;
  uint32_t slot;
};

/*
 * Creates an instance with a ready ring of this many slots: a power of two, XPOLL_RING_SLOTS_MIN to
 * XPOLL_RING_SLOTS_MAX. One slot is for xpoll_post(), each watch needs another one. flags is 0 or
 * EPOLL_CLOEXEC.
 *
 * Returns the descriptor, which has the lowest free number.
 *
 * EINVAL  unknown flag, or a number of slots that is not allowed
 * ENOTTY  the module has no XPOLL_FEATURE_RING, or /dev/xpoll is not the module's device
 * ENOMEM  no memory, or the ring would exceed RLIMIT_MEMLOCK
 * ENOENT, ENODEV, ENXIO, EACCES, EMFILE, ENFILE  as xpoll_create1()
 */
int xpoll_ring_create(uint32_t slots, int flags) __THROW;

/*
 * Maps the ring of an instance, which the caller may have inherited or received, and fills *ring.
 * The mapping does not keep the instance: its watches end with the last close of its descriptor.
 *
 * Returns 0.
 *
 * EBADF   epfd is not open
 * EINVAL, ENODEV, EACCES  epfd is no instance with a ring, or another process has overwritten what
 *         the ring says of itself
 * ENOMEM  no memory, or too many mappings
 */
int xpoll_ring_map(int epfd, struct xpoll_ring* ring) __THROW;

/* Unmaps what xpoll_ring_map() mapped. Returns 0, or fails as munmap(2) does. */
int xpoll_ring_unmap(const struct xpoll_ring* ring) __THROW;

/*
 * Has the kernel poll the files whose events do not go to the ring by themselves, and waits until
 * minevents events are in the ring, 1 if that is 0, at most the number of slots. timeout_ns is in
 * nanoseconds: negative to wait without limit, 0 not to wait. xpoll_enter() with XPOLL_ENTER_RING
 * also makes changes, takes an absolute timeout, min_wait_ns and a signal mask.
 *
 * Returns the number of entries in the ring, of which some may be empty.
 *
 * EINVAL  minevents is greater than the number of slots, or epfd is no instance with a ring
 * EBADF   epfd is not open
 * EINTR   a signal was handled before an event came and before the timeout expired
 */
int xpoll_ring_wait(int epfd, uint32_t minevents, int64_t timeout_ns);

/* Whether xpoll_ring_wait() would poll the file of some watch. */
static inline bool xpoll_ring_must_enter(const struct xpoll_ring* ring) {
  return __atomic_load_n(&ring->header->flags, __ATOMIC_RELAXED) & XPOLL_RING_ENTER;
}

/* Takes a slot's bits, leaves others there, and fills *event. Returns false if there were none. */
static inline bool xpoll_ring_exchange_(const struct xpoll_ring* ring, uint32_t number,
                                        uint32_t leave, struct xpoll_ring_event* event) {
  struct xpoll_ring_slot* slot = &ring->slots[number];

  event->events = __atomic_exchange_n(&slot->bits, leave, __ATOMIC_ACQUIRE) & ~XPOLL_RING_QUEUED;
  /* after the bits: it is the data of the watch that they belong to, or a later one's */
  event->data = __atomic_load_n(&slot->data, __ATOMIC_RELAXED);
  event->slot = number;
  return __builtin_expect(event->events != 0, 1);
}

/* Takes the number of the next slot. Returns false if the ring is empty. */
static inline bool xpoll_ring_pop_(const struct xpoll_ring* ring, uint32_t* number) {
  for (;;) {
    struct xpoll_ring_header* header = ring->header;
    /* acquire: the tail that is read after it is not older, so no entry is in front of the head */
    uint32_t head = __atomic_load_n(&header->head, __ATOMIC_ACQUIRE);

    if (__atomic_load_n(&header->tail, __ATOMIC_ACQUIRE) == head) return false;
    /* before the exchange: after it the kernel may write another number there */
    *number = __atomic_load_n(&ring->index[head & ring->mask], __ATOMIC_RELAXED);
    /* fails if others have taken this entry, however many have come since */
    const bool taken = __atomic_compare_exchange_n(&header->head, &head, head + 1, true,
                                                   __ATOMIC_ACQ_REL, __ATOMIC_RELAXED);
    if (__builtin_expect(taken, 1)) return true;
  }
}

/* Takes the next event. Returns false if there is none. */
static inline bool xpoll_ring_take(const struct xpoll_ring* ring, struct xpoll_ring_event* event) {
  uint32_t number;

  do {
    if (!xpoll_ring_pop_(ring, &number)) return false;
  } while (__builtin_expect(!xpoll_ring_exchange_(ring, number, 0, event), 0));
  return true;
}

/*
 * Gives up the watch of event->slot and returns false, unless the watch has had events since the
 * caller owns it. Then stores these in *event and returns true, and the caller still owns the
 * watch. Call it also if the watch has ended meanwhile, by EPOLL_CTL_DEL or a close: its slot is
 * not used again before.
 */
static inline bool xpoll_ring_release(const struct xpoll_ring* ring,
                                      struct xpoll_ring_event* event) {
  struct xpoll_ring_slot* slot = &ring->slots[event->slot];
  uint32_t bits = XPOLL_RING_QUEUED;

  while (!__atomic_compare_exchange_n(&slot->bits, &bits,
                                      bits == XPOLL_RING_QUEUED ? 0 : XPOLL_RING_QUEUED, false,
                                      __ATOMIC_ACQ_REL, __ATOMIC_RELAXED))
    if (bits == 0) return false;
  event->events = bits & ~XPOLL_RING_QUEUED;
  event->data = __atomic_load_n(&slot->data, __ATOMIC_RELAXED);
  return event->events != 0;
}

/*
 * As xpoll_ring_take(), and the caller owns the watch until xpoll_ring_release() returns false: no
 * thread gets an event of the watch meanwhile, as if it had EPOLLONESHOT, and it is re-armed
 * without a system call.
 */
static inline bool xpoll_ring_own(const struct xpoll_ring* ring, struct xpoll_ring_event* event) {
  uint32_t number;

  while (xpoll_ring_pop_(ring, &number)) {
    if (xpoll_ring_exchange_(ring, number, XPOLL_RING_QUEUED, event)) return true;
    /* an empty entry, unless an event has come since */
    if (xpoll_ring_release(ring, event)) return true;
  }
  return false;
}

/* A walk of a program's only consumer through what is in the ring when it begins. */
struct xpoll_ring_walk {
  struct xpoll_ring ring;
  uint32_t at;
  uint32_t end;
};

static inline struct xpoll_ring_walk xpoll_ring_begin(const struct xpoll_ring* ring) {
  const struct xpoll_ring_walk walk = {*ring,
                                       __atomic_load_n(&ring->header->head, __ATOMIC_RELAXED),
                                       __atomic_load_n(&ring->header->tail, __ATOMIC_ACQUIRE)};
  return walk;
}

/* Takes the walk's next event. Returns false if there is none. */
static inline bool xpoll_ring_next(struct xpoll_ring_walk* walk, struct xpoll_ring_event* event) {
  const struct xpoll_ring* ring = &walk->ring;

  while (walk->at != walk->end)
    if (__builtin_expect(xpoll_ring_exchange_(ring, ring->index[walk->at++ & ring->mask], 0, event),
                         1))
      return true;
  return false;
}

/* Tells the kernel how far the walk has come, which has to be before xpoll_ring_wait(). */
static inline void xpoll_ring_end(const struct xpoll_ring_walk* walk) {
  __atomic_store_n(&walk->ring.header->head, walk->at, __ATOMIC_RELEASE);
}

#ifdef __cplusplus
}
#endif

#endif /* XPOLL_RING_H */
