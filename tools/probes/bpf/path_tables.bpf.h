/* SPDX-License-Identifier: GPL-2.0-only */
/* Shared by all stages of path.bpf.c: filters, tables, and the ring buffer to user space. */
#ifndef XPOLL_PROBES_BPF_PATH_TABLES_BPF_H
#define XPOLL_PROBES_BPF_PATH_TABLES_BPF_H

#include "vmlinux.h"

#include <bpf/bpf_helpers.h>

#include "probes/bpf/path.h"

/* The maximum number of events in progress. The oldest entries are evicted. */
#define ENTRIES 16384

const volatile __u16 only_port; /* local or remote; 0 means any */
const volatile __u32 only_tgid;
const volatile __s32 only_fd = -1;
/* The reader is woken once the ring buffer holds this many bytes. */
const volatile __u64 wakeup_bytes;

#define TABLE(type_, key_, value_)                                                                 \
	struct {                                                                                   \
		__uint(type, type_);                                                               \
		__uint(max_entries, ENTRIES);                                                      \
		__type(key, key_);                                                                 \
		__type(value, value_);                                                             \
	}

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, PATH_COUNTS);
	__type(key, __u32);
	__type(value, __u64);
} counts SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 1 << 22); /* xpoll-path may override the size */
} records SEC(".maps");

static __always_inline void count(enum path_count which)
{
	__u32 key = which;
	__u64 *counter = bpf_map_lookup_elem(&counts, &key);

	if (counter)
		++*counter;
}

static __always_inline void put(void *map, const void *key, const void *value)
{
	if (bpf_map_update_elem(map, key, value, BPF_ANY))
		count(PATH_LOST_STATE);
}

static __always_inline void submit(void *record)
{
	bool wake = bpf_ringbuf_query(&records, BPF_RB_AVAIL_DATA) >= wakeup_bytes;

	bpf_ringbuf_submit(record, wake ? BPF_RB_FORCE_WAKEUP : BPF_RB_NO_WAKEUP);
}

#endif
