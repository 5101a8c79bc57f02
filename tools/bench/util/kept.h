// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <sys/epoll.h>

#include <cstdint>
#include <memory>
#include <tuple>

#include "watched_set.h"

// Objects that one benchmark leaves for the next, since a million descriptors and as many watches
// take long to make. At most one set and one instance exist, so they do not slow each other down.

namespace bench {

/// Returns a set of at least `count` descriptors: the last one if it is large enough.
const WatchedSet& kept_set(Kind kind, int count);

/// Identifies the kept instance.
struct WatchesKey {
  const char* backend = nullptr;
  const WatchedSet* set = nullptr;
  int watched = 0;
  int stride = 1;
  std::uint32_t events = 0;

  friend bool operator==(const WatchesKey&, const WatchesKey&) = default;
};

/// Returns the kept instance, or null if there is none or its key differs.
std::shared_ptr<void> find_kept(const WatchesKey& key);
void keep(const WatchesKey& key, std::shared_ptr<void> instance);
/// Frees the kept instance.
void drop_kept_instance();

/// An instance that watches `watched` descriptors of the set: the first one, the one `stride` after
/// it, and so on. The benchmark must remove whatever else it adds.
template <typename Backend>
std::shared_ptr<Backend> kept_instance(const WatchedSet& set, int watched,
                                       std::uint32_t events = EPOLLIN, int stride = 1) {
  const WatchesKey key{Backend::kName, &set, watched, stride, events};
  if (auto kept = find_kept(key)) return std::static_pointer_cast<Backend>(kept);
  drop_kept_instance();
  auto instance = std::make_shared<Backend>();
  for (int index = 0; index < watched; ++index) {
    xpoll::checked(instance->add(set[index * stride], events), "add");
  }
  keep(key, instance);
  return instance;
}

}  // namespace bench
