// SPDX-License-Identifier: GPL-2.0-only
/* The layout of the ABI, the same for 32-bit and 64-bit callers. This file has no code. */
#include <linux/build_bug.h>
#include <linux/fcntl.h>
#include <linux/stddef.h>

#include <linux/xpoll.h>

#include "eventpoll.h"

static_assert(sizeof(struct xpoll_features) == 48);
static_assert(offsetof(struct xpoll_features, max_user_watches) == 8);
static_assert(offsetof(struct xpoll_features, abi_version) == 16);
static_assert(offsetof(struct xpoll_features, max_events) == 20);
static_assert(offsetof(struct xpoll_features, max_nests) == 24);
static_assert(offsetof(struct xpoll_features, reserved) == 28);
static_assert(sizeof(struct xpoll_create) == 8);
static_assert(offsetof(struct xpoll_create, group) == 4);
static_assert(sizeof(struct xpoll_create_keyed) == 16);
static_assert(offsetof(struct xpoll_create_keyed, flags) == offsetof(struct xpoll_create, flags));
static_assert(offsetof(struct xpoll_create_keyed, group) == offsetof(struct xpoll_create, group));
static_assert(offsetof(struct xpoll_create_keyed, key) == 8);
static_assert(sizeof(struct xpoll_ctl) == 16);
static_assert(offsetof(struct xpoll_ctl, fd) == 4);
static_assert(offsetof(struct xpoll_ctl, event) == 8);
static_assert(sizeof(struct xpoll_wait) == 40);
static_assert(offsetof(struct xpoll_wait, timeout_ns) == 8);
static_assert(offsetof(struct xpoll_wait, sigmask) == 16);
static_assert(offsetof(struct xpoll_wait, maxevents) == 24);
static_assert(offsetof(struct xpoll_wait, flags) == 28);
static_assert(offsetof(struct xpoll_wait, sigsetsize) == 32);
static_assert(offsetof(struct xpoll_wait, worker) == 36);
static_assert(sizeof(struct xpoll_stats) == 128);
static_assert(offsetof(struct xpoll_stats, open_instances) == 8);
static_assert(offsetof(struct xpoll_stats, watches) == 16);
static_assert(offsetof(struct xpoll_stats, open_watches) == 24);
static_assert(offsetof(struct xpoll_stats, callbacks) == 32);
static_assert(offsetof(struct xpoll_stats, wakeups) == 40);
static_assert(offsetof(struct xpoll_stats, scans) == 48);
static_assert(offsetof(struct xpoll_stats, events) == 56);
static_assert(offsetof(struct xpoll_stats, overflows) == 64);
static_assert(offsetof(struct xpoll_stats, reserved) == 72);
static_assert(sizeof(struct xpoll_wake) == 32);
static_assert(offsetof(struct xpoll_wake, prog_fd) == 4);
static_assert(offsetof(struct xpoll_wake, heartbeat_ns) == 8);
static_assert(offsetof(struct xpoll_wake, reserved) == 16);
static_assert(sizeof(struct xpoll_worker) == 64);
static_assert(offsetof(struct xpoll_worker, heartbeat_ns) == 8);
static_assert(offsetof(struct xpoll_worker, reserved) == 16);
static_assert(sizeof(struct xpoll_candidate) == 16);
static_assert(offsetof(struct xpoll_candidate, pid) == 4);
static_assert(offsetof(struct xpoll_candidate, load) == 8);
static_assert(offsetof(struct xpoll_wake_context, flow_hash) == 8);
static_assert(offsetof(struct xpoll_wake_context, events) == 16);
static_assert(offsetof(struct xpoll_wake_context, count) == 24);
static_assert(offsetof(struct xpoll_wake_context, candidates) == 32);
static_assert(sizeof(struct xpoll_process) == 32);
static_assert(offsetof(struct xpoll_process, group) == 4);
static_assert(offsetof(struct xpoll_process, key) == 8);
static_assert(offsetof(struct xpoll_process, flags) == 16);
static_assert(offsetof(struct xpoll_process, reserved) == 20);
static_assert(sizeof(struct xpoll_change) == 24);
static_assert(offsetof(struct xpoll_change, flags) == 2);
static_assert(offsetof(struct xpoll_change, fd) == 4);
static_assert(offsetof(struct xpoll_change, events) == 8);
static_assert(offsetof(struct xpoll_change, result) == 12);
static_assert(offsetof(struct xpoll_change, data) == 16);
static_assert(sizeof(struct xpoll_enter) == 96);
static_assert(offsetof(struct xpoll_enter, events) == 8);
static_assert(offsetof(struct xpoll_enter, timeout_ns) == 16);
static_assert(offsetof(struct xpoll_enter, min_wait_ns) == 24);
static_assert(offsetof(struct xpoll_enter, sigmask) == 32);
static_assert(offsetof(struct xpoll_enter, nchanges) == 40);
static_assert(offsetof(struct xpoll_enter, maxevents) == 44);
static_assert(offsetof(struct xpoll_enter, minevents) == 48);
static_assert(offsetof(struct xpoll_enter, flags) == 52);
static_assert(offsetof(struct xpoll_enter, sigsetsize) == 56);
static_assert(offsetof(struct xpoll_enter, worker) == 60);
static_assert(offsetof(struct xpoll_enter, done) == 64);
static_assert(offsetof(struct xpoll_enter, failed) == 68);
static_assert(offsetof(struct xpoll_enter, batch) == 72);
static_assert(offsetof(struct xpoll_enter, reserved) == 80);
static_assert(sizeof(struct xpoll_event) == 32);
static_assert(offsetof(struct xpoll_event, wakeups) == 2);
static_assert(offsetof(struct xpoll_event, amount) == 4);
static_assert(offsetof(struct xpoll_event, data) == 8);
static_assert(offsetof(struct xpoll_event, cookie) == 16);
static_assert(offsetof(struct xpoll_event, time_ns) == 24);
static_assert(sizeof(struct xpoll_create_ring) == 32);
static_assert(offsetof(struct xpoll_create_ring, group) == 4);
static_assert(offsetof(struct xpoll_create_ring, key) == 8);
static_assert(offsetof(struct xpoll_create_ring, slots) == 16);
static_assert(offsetof(struct xpoll_create_ring, reserved) == 20);
static_assert(sizeof(struct xpoll_ring_header) == 192);
static_assert(offsetof(struct xpoll_ring_header, slots_offset) == 4);
static_assert(offsetof(struct xpoll_ring_header, index_offset) == 8);
static_assert(offsetof(struct xpoll_ring_header, size) == 12);
static_assert(offsetof(struct xpoll_ring_header, tail) == 64);
static_assert(offsetof(struct xpoll_ring_header, flags) == 68);
static_assert(offsetof(struct xpoll_ring_header, head) == 128);
static_assert(sizeof(struct xpoll_ring_slot) == 16);
static_assert(offsetof(struct xpoll_ring_slot, data) == 8);
static_assert(sizeof(struct epoll_event) == (IS_ENABLED(CONFIG_X86) ? 12 : 16));
static_assert(XPOLL_CLOEXEC == O_CLOEXEC);
static_assert(XPOLL_ENTER_ABSTIME == XPOLL_WAIT_ABSTIME);
static_assert(sizeof(struct xpoll_busy_poll) == 8);
static_assert(offsetof(struct xpoll_busy_poll, budget) == 4);
static_assert(offsetof(struct xpoll_busy_poll, prefer) == 6);
static_assert(offsetof(struct xpoll_busy_poll, reserved) == 7);
#ifdef EPIOCSPARAMS
static_assert(XPOLL_IOC_SET_BUSY_POLL == EPIOCSPARAMS);
static_assert(XPOLL_IOC_GET_BUSY_POLL == EPIOCGPARAMS);
#endif
