// SPDX-License-Identifier: GPL-2.0-only
#include "probes/top/kernel_maps.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <system_error>
#include <xpoll/unique_fd.hpp>

namespace top {
namespace {

/// Larger than any bucket of the map, since a batch must hold a whole bucket.
constexpr std::size_t kBatch = 4096;
constexpr const char* kWalk = "walking all descriptors";
constexpr const char* kThreadWalk = "walking all threads";

[[noreturn]] void fail(const char* what) {
  throw std::system_error(errno, std::generic_category(), what);
}

template <class Key, class Value>
struct Entries {
  std::vector<Key> keys;
  std::vector<Value> values;
};

template <class Key, class Value>
Entries<Key, Value> read_all(const bpf_map* map, const char* what) {
  Entries<Key, Value> all;
  std::size_t filled = 0;
  std::uint32_t position = 0;
  void* from = nullptr;
  bool more = true;
  while (more) {
    std::uint32_t count = kBatch;
    all.keys.resize(filled + kBatch);
    all.values.resize(filled + kBatch);
    more = bpf_map_lookup_batch(bpf_map__fd(map), from, &position, &all.keys[filled],
                                &all.values[filled], &count, nullptr) == 0;
    if (!more && errno != ENOENT) fail(what);
    filled += count;
    from = &position;
  }
  all.keys.resize(filled);
  all.values.resize(filled);
  return all;
}

template <class Key, class Value>
std::optional<Value> lookup(const bpf_map* map, const Key& key) {
  Value value{};
  if (bpf_map__lookup_elem(map, &key, sizeof(key), &value, sizeof(value), 0) != 0)
    return std::nullopt;
  return value;
}

bool is_gone(const WorkerMaps& maps, const top_worker_key& key) {
  const auto instance = lookup<std::uint64_t, top_instance>(maps.instances, key.ep);
  const auto thread = lookup<std::uint32_t, top_wait>(maps.threads, key.tid);
  return !instance || instance->seen_since != key.instance_since || !thread ||
         thread->seen_since != key.thread_since;
}

}  // namespace

std::vector<top_instance> read_instances(const bpf_map* instances) {
  return read_all<std::uint64_t, top_instance>(instances, "reading the instances").values;
}

std::vector<WorkerSeen> take_workers(const WorkerMaps& maps) {
  const auto entries = read_all<top_worker_key, top_worker>(maps.workers, "reading the workers");
  std::vector<WorkerSeen> all;
  for (std::size_t i = 0; i < entries.keys.size(); ++i) {
    WorkerSeen& seen = all.emplace_back();
    seen.key = entries.keys[i];
    seen.worker = entries.values[i];
    seen.gone = is_gone(maps, seen.key);
    // Read it again while deleting: the worker may have run on since the first read.
    if (seen.gone &&
        bpf_map_lookup_and_delete_elem(bpf_map__fd(maps.workers), &seen.key, &seen.worker) != 0)
      fail("taking a worker");
  }
  return all;
}

std::vector<top_instance> take_closed(const bpf_map* closed) {
  std::vector<top_instance> all;
  top_instance instance{};
  while (bpf_map_lookup_and_delete_elem(bpf_map__fd(closed), nullptr, &instance) == 0)
    all.push_back(instance);
  if (errno != ENOENT) fail("reading the closed instances");
  return all;
}

std::vector<HistogramsSeen> take_histograms(const bpf_map* histograms,
                                            const std::vector<top_instance>& closed) {
  const auto entries =
      read_all<top_histogram_key, top_histograms>(histograms, "reading the histograms");
  std::vector<HistogramsSeen> all(entries.keys.size());
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = {entries.keys[i], entries.values[i]};
  for (const top_instance& instance : closed) {
    const top_histogram_key key{.ep = instance.ep, .seen_since = instance.seen_since};
    // ENOENT: the instance had no histograms. Only this function deletes them.
    if (bpf_map_delete_elem(bpf_map__fd(histograms), &key) != 0 && errno != ENOENT)
      fail("deleting histograms");
  }
  return all;
}

void find_waiters(const bpf_link* iterator) {
  const xpoll::unique_fd walk(bpf_iter_create(bpf_link__fd(iterator)));
  if (!walk.valid()) fail(kThreadWalk);
  char nothing = 0;
  while (read(walk.get(), &nothing, sizeof(nothing)) < 0)
    if (errno != EAGAIN) fail(kThreadWalk);  // the iterator paused after many threads
}

std::vector<top_holder> find_holders(const bpf_link* iterator) {
  const xpoll::unique_fd found(bpf_iter_create(bpf_link__fd(iterator)));
  if (!found.valid()) fail(kWalk);
  std::vector<top_holder> all;
  std::vector<char> bytes(kBatch * sizeof(top_holder));
  std::size_t filled = 0;
  while (true) {
    const ssize_t got = read(found.get(), bytes.data() + filled, bytes.size() - filled);
    if (got < 0) fail(kWalk);
    if (got == 0) return all;
    filled += static_cast<std::size_t>(got);
    // a read may end in the middle of a record
    const std::size_t whole = filled / sizeof(top_holder);
    const std::size_t before = all.size();
    all.resize(before + whole);
    std::memcpy(all.data() + before, bytes.data(), whole * sizeof(top_holder));
    filled -= whole * sizeof(top_holder);
    std::memmove(bytes.data(), bytes.data() + whole * sizeof(top_holder), filled);
  }
}

}  // namespace top
