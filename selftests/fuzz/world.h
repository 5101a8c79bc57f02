// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "slots.h"
#include "tools/util/backend.h"

namespace xpoll::fuzz {

// A line of an instance's fdinfo: with slots in place of descriptor numbers and objects of the
// episode in place of inodes, so that those of both worlds can be compared.
struct Watch {
  long slot;
  unsigned long events;
  unsigned long data;
  long position;
  // -1: not one that was opened in this episode
  long object;
  auto operator<=>(const Watch&) const = default;
};
std::string to_string(const std::vector<Watch>& watches);

// One of the two worlds: a backend, and a descriptor for each slot. Slot s always has the number
// first + s, for a watch's key holds that number: the worlds reuse numbers alike.
class World {
 public:
  World(Backend backend, int first_descriptor);
  World(const World&) = delete;
  World& operator=(const World&) = delete;
  ~World();

  Backend backend() const { return backend_; }
  int fd(int slot) const { return first_ + slot; }

  // Moves the descriptor to the slot, closing what was there.
  void place(int slot, unique_fd fd);

  // What fdinfo of the instance shows, sorted: it is in the order of the files' addresses.
  std::vector<Watch> watches(int slot);

 private:
  // The same object in both worlds has the same number: they open theirs in the same order.
  struct Inode {
    std::uint64_t device;
    std::uint64_t number;
    auto operator<=>(const Inode&) const = default;
  };

  void remember(int slot);
  Watch parse(const char*& line) const;

  Backend backend_;
  int first_;
  std::map<Inode, long> objects_;
  std::vector<unique_fd> fdinfo_;
};

}  // namespace xpoll::fuzz
