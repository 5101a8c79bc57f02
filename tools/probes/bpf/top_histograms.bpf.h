/* SPDX-License-Identifier: GPL-2.0-only */
/* Time histograms of each instance. */
#ifndef XPOLL_PROBES_TOP_HISTOGRAMS_H
#define XPOLL_PROBES_TOP_HISTOGRAMS_H

#include "vmlinux.h"

#include <bpf/bpf_helpers.h>

#include "probes/bpf/top.h"
#include "probes/bpf/top_instances.bpf.h"

/* Whether to fill histograms; set before loading. */
const volatile bool wants_histograms;

static const struct top_histograms no_values;

/* User space deletes an entry once the instance was reported as closed. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 16384);
	__type(key, struct top_histogram_key);
	__type(value, struct top_histograms);
} histograms SEC(".maps");

/* The value's bit length. */
static __always_inline u32 bucket_of(u64 value)
{
	u32 bucket = 0;
	u32 shift;

#pragma unroll
	for (shift = 32; shift; shift >>= 1) {
		if (!(value >> shift))
			continue;
		bucket += shift;
		value >>= shift;
	}
	return bucket + (value > 0);
}

static __always_inline struct top_histograms *histograms_of(const struct top_instance *instance)
{
	struct top_histogram_key key = {.ep = instance->ep, .seen_since = instance->seen_since};
	struct top_histograms *found = bpf_map_lookup_elem(&histograms, &key);

	if (found)
		return found;
	bpf_map_update_elem(&histograms, &key, &no_values, BPF_NOEXIST);
	return bpf_map_lookup_elem(&histograms, &key);
}

static __always_inline void histogram_add(const struct top_instance *instance,
					  enum top_histogram which, u64 ns)
{
	struct top_histograms *all = histograms_of(instance);
	u32 bucket = bucket_of(ns);

	if (!all)
		count(lost.histograms, 1);
	else if (bucket < TOP_BUCKETS)
		count(all->counts[which][bucket], 1);
}

/* A callback made an item ready. */
static __always_inline void item_queued(struct top_instance *instance)
{
	if (wants_histograms && !instance->ready_since)
		instance->ready_since = bpf_ktime_get_ns();
}

/*
 * A wait found ready items. If it was woken, the latency counts from the wake-up; otherwise the
 * items were ready before it looked.
 */
static __always_inline void wait_delivers(const struct top_wait *wait,
					  struct top_instance *instance, int events)
{
	u64 ready_since, since;

	if (!wants_histograms)
		return;
	ready_since = __sync_lock_test_and_set(&instance->ready_since, 0);
	since = wait->woken ?: ready_since;
	if (events > 0 && since)
		histogram_add(instance, TOP_WAKE_LATENCY, bpf_ktime_get_ns() - since);
}

#endif /* XPOLL_PROBES_TOP_HISTOGRAMS_H */
