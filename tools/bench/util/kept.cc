// SPDX-License-Identifier: GPL-2.0-only
#include "kept.h"

#include <utility>

namespace bench {
namespace {

struct Kept {
  std::unique_ptr<WatchedSet> set;
  WatchesKey key;
  std::shared_ptr<void> instance;
};

Kept& kept() {
  static Kept all;
  return all;
}

}  // namespace

const WatchedSet& kept_set(Kind kind, int count) {
  auto& set = kept().set;
  if (!set || set->kind() != kind || set->size() < count) {
    drop_kept_instance();
    set.reset();
    set = std::make_unique<WatchedSet>(kind, count);
  }
  return *set;
}

std::shared_ptr<void> find_kept(const WatchesKey& key) {
  return kept().key == key ? kept().instance : nullptr;
}

void keep(const WatchesKey& key, std::shared_ptr<void> instance) {
  kept().key = key;
  kept().instance = std::move(instance);
}

void drop_kept_instance() {
  kept().key = {};
  kept().instance.reset();
}

}  // namespace bench
