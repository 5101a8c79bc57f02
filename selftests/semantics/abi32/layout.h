// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <linux/xpoll.h>
#include <stddef.h>
#include <sys/epoll.h>

// The ABI's layout for the compiler: abi32.cc compiles it for 32 bits, and abi32_test.cc for 64
// bits and compares.
struct LayoutEntry {
  const char* name;
  unsigned long value;
};

#define XPOLL_SIZE(type) \
  { "sizeof(" #type ")", sizeof(struct type) }
#define XPOLL_MEMBER(type, member) \
  { #type "." #member, offsetof(struct type, member) }
#define XPOLL_NUMBER(number) \
  { #number, static_cast < unsigned long>(number) }

inline constexpr LayoutEntry kLayout[] = {
    XPOLL_SIZE(xpoll_features),
    XPOLL_MEMBER(xpoll_features, features),
    XPOLL_MEMBER(xpoll_features, max_user_watches),
    XPOLL_MEMBER(xpoll_features, abi_version),
    XPOLL_MEMBER(xpoll_features, max_events),
    XPOLL_MEMBER(xpoll_features, max_nests),
    XPOLL_MEMBER(xpoll_features, reserved),
    XPOLL_SIZE(xpoll_create),
    XPOLL_MEMBER(xpoll_create, flags),
    XPOLL_MEMBER(xpoll_create, group),
    XPOLL_SIZE(xpoll_create_keyed),
    XPOLL_MEMBER(xpoll_create_keyed, flags),
    XPOLL_MEMBER(xpoll_create_keyed, group),
    XPOLL_MEMBER(xpoll_create_keyed, key),
    XPOLL_SIZE(xpoll_ctl),
    XPOLL_MEMBER(xpoll_ctl, op),
    XPOLL_MEMBER(xpoll_ctl, fd),
    XPOLL_MEMBER(xpoll_ctl, event),
    XPOLL_SIZE(xpoll_wait),
    XPOLL_MEMBER(xpoll_wait, events),
    XPOLL_MEMBER(xpoll_wait, timeout_ns),
    XPOLL_MEMBER(xpoll_wait, sigmask),
    XPOLL_MEMBER(xpoll_wait, maxevents),
    XPOLL_MEMBER(xpoll_wait, flags),
    XPOLL_MEMBER(xpoll_wait, sigsetsize),
    XPOLL_MEMBER(xpoll_wait, worker),
    XPOLL_SIZE(xpoll_stats),
    XPOLL_MEMBER(xpoll_stats, instances),
    XPOLL_MEMBER(xpoll_stats, open_instances),
    XPOLL_MEMBER(xpoll_stats, watches),
    XPOLL_MEMBER(xpoll_stats, open_watches),
    XPOLL_MEMBER(xpoll_stats, callbacks),
    XPOLL_MEMBER(xpoll_stats, wakeups),
    XPOLL_MEMBER(xpoll_stats, scans),
    XPOLL_MEMBER(xpoll_stats, events),
    XPOLL_MEMBER(xpoll_stats, overflows),
    XPOLL_MEMBER(xpoll_stats, reserved),
    XPOLL_SIZE(xpoll_process),
    XPOLL_MEMBER(xpoll_process, mode),
    XPOLL_MEMBER(xpoll_process, group),
    XPOLL_MEMBER(xpoll_process, key),
    XPOLL_MEMBER(xpoll_process, reserved),
    XPOLL_SIZE(xpoll_wake),
    XPOLL_MEMBER(xpoll_wake, policy),
    XPOLL_MEMBER(xpoll_wake, prog_fd),
    XPOLL_MEMBER(xpoll_wake, heartbeat_ns),
    XPOLL_MEMBER(xpoll_wake, reserved),
    XPOLL_SIZE(xpoll_worker),
    XPOLL_MEMBER(xpoll_worker, load),
    XPOLL_MEMBER(xpoll_worker, heartbeat_ns),
    XPOLL_MEMBER(xpoll_worker, reserved),
    XPOLL_SIZE(xpoll_change),
    XPOLL_MEMBER(xpoll_change, op),
    XPOLL_MEMBER(xpoll_change, flags),
    XPOLL_MEMBER(xpoll_change, fd),
    XPOLL_MEMBER(xpoll_change, events),
    XPOLL_MEMBER(xpoll_change, result),
    XPOLL_MEMBER(xpoll_change, data),
    XPOLL_SIZE(xpoll_enter),
    XPOLL_MEMBER(xpoll_enter, changes),
    XPOLL_MEMBER(xpoll_enter, events),
    XPOLL_MEMBER(xpoll_enter, timeout_ns),
    XPOLL_MEMBER(xpoll_enter, min_wait_ns),
    XPOLL_MEMBER(xpoll_enter, sigmask),
    XPOLL_MEMBER(xpoll_enter, nchanges),
    XPOLL_MEMBER(xpoll_enter, maxevents),
    XPOLL_MEMBER(xpoll_enter, minevents),
    XPOLL_MEMBER(xpoll_enter, flags),
    XPOLL_MEMBER(xpoll_enter, sigsetsize),
    XPOLL_MEMBER(xpoll_enter, worker),
    XPOLL_MEMBER(xpoll_enter, done),
    XPOLL_MEMBER(xpoll_enter, failed),
    XPOLL_MEMBER(xpoll_enter, reserved),
    XPOLL_SIZE(epoll_event),
    XPOLL_MEMBER(epoll_event, events),
    XPOLL_MEMBER(epoll_event, data),
    XPOLL_SIZE(xpoll_create_ring),
    XPOLL_MEMBER(xpoll_create_ring, flags),
    XPOLL_MEMBER(xpoll_create_ring, group),
    XPOLL_MEMBER(xpoll_create_ring, key),
    XPOLL_MEMBER(xpoll_create_ring, slots),
    XPOLL_MEMBER(xpoll_create_ring, reserved),
    XPOLL_SIZE(xpoll_ring_header),
    XPOLL_MEMBER(xpoll_ring_header, slots),
    XPOLL_MEMBER(xpoll_ring_header, slots_offset),
    XPOLL_MEMBER(xpoll_ring_header, index_offset),
    XPOLL_MEMBER(xpoll_ring_header, size),
    XPOLL_MEMBER(xpoll_ring_header, tail),
    XPOLL_MEMBER(xpoll_ring_header, flags),
    XPOLL_MEMBER(xpoll_ring_header, head),
    XPOLL_SIZE(xpoll_ring_slot),
    XPOLL_MEMBER(xpoll_ring_slot, bits),
    XPOLL_MEMBER(xpoll_ring_slot, data),
    XPOLL_NUMBER(XPOLL_IOC_FEATURES),
    XPOLL_NUMBER(XPOLL_IOC_CREATE),
    XPOLL_NUMBER(XPOLL_IOC_CTL),
    XPOLL_NUMBER(XPOLL_IOC_WAIT),
    XPOLL_NUMBER(XPOLL_IOC_GROUP),
    XPOLL_NUMBER(XPOLL_IOC_STATS),
    XPOLL_NUMBER(XPOLL_IOC_CREATE_KEYED),
    XPOLL_NUMBER(XPOLL_IOC_KEY),
    XPOLL_NUMBER(XPOLL_IOC_WAKE),
    XPOLL_NUMBER(XPOLL_IOC_WORKER),
    XPOLL_NUMBER(XPOLL_IOC_PROCESS),
    XPOLL_NUMBER(XPOLL_IOC_ENTER),
    XPOLL_NUMBER(XPOLL_IOC_POST),
    XPOLL_NUMBER(XPOLL_IOC_CREATE_RING),
    XPOLL_NUMBER(XPOLL_RING_OFFSET),
    XPOLL_NUMBER(XPOLL_CLOEXEC),
};

#undef XPOLL_SIZE
#undef XPOLL_MEMBER
#undef XPOLL_NUMBER
