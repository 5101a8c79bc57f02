// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <sys/epoll.h>

#include <memory>
#include <tuple>

#include "watched_set.h"

// What one benchmark leaves for the next: a million descriptors, and as many watches, take long to
// make. There is never more than one set and one instance, so none makes another's work dearer.

namespace bench {

/// A set of at least so many; the last one if it will do.
const WatchedSet& kept_set(Kind kind, int count);

/// Which instance is kept.
struct WatchesKey {
  const char* backend = nullptr;
  const WatchedSet* set = nullptr;
  int watched = 0;
  int stride = 1;
  std::uint32_t events = 0;

  friend bool operator==(const WatchesKey&, const WatchesKey&) = default;
};

/// The kept instance, or null if it is another or none.
std::shared_ptr<void> find_kept(const WatchesKey& key);
void keep(const WatchesKey& key, std::shared_ptr<void> instance);
/// Frees the kept instance.
void drop_kept_instance();

/// An instance that watches `watched` descriptors of the set: the first, the one `stride` after it,
/// and so on. It watches nothing else when the benchmark is done with it.
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
