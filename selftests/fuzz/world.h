// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "slots.h"
#include "tools/util/backend.h"

namespace xpoll::fuzz {

// A line of an instance's fdinfo, with slots instead of descriptor numbers and object numbers of
// the episode instead of inodes, so that the two worlds can be compared.
struct Watch {
  long slot;
  unsigned long events;
  unsigned long data;
  long position;
  // -1: not opened in this episode
  long object;
  auto operator<=>(const Watch&) const = default;
};
std::string to_string(const std::vector<Watch>& watches);

// One of the two worlds: a backend, and a descriptor for each slot. Slot s always has the number
// first + s, because the number is part of a watch's key and both worlds must reuse numbers alike.
class World {
 public:
  World(Backend backend, int first_descriptor);
  World(const World&) = delete;
  World& operator=(const World&) = delete;
  ~World();

  Backend backend() const { return backend_; }
  int fd(int slot) const { return first_ + slot; }

  // Moves the descriptor to the slot and closes the previous one.
  void place(int slot, unique_fd fd);
  // dup3(2) of a slot's descriptor. Returns 0, or -1 with errno.
  int duplicate(int from, int to);
  // How often a descriptor was moved to the slot.
  int placed(int slot) const { return placed_[static_cast<std::size_t>(slot)]; }

  // XPOLL_IOC_POST. Native epoll, which has none, watches an eventfd for each instance instead.
  int post(int slot, std::uint64_t data);
  // False once there are eventfds for kMostPosting instances.
  bool can_post() const { return posting_.size() < kMostPosting; }

  // The instance's fdinfo, sorted, since the kernel's order follows the files' addresses.
  std::vector<Watch> watches(int slot);

 private:
  // Numbers objects in the order of opening, so the same object has the same number in both worlds.
  struct Inode {
    std::uint64_t device;
    std::uint64_t number;
    auto operator<=>(const Inode&) const = default;
  };

  static constexpr std::size_t kMostPosting = 70;

  void remember(int slot);
  std::vector<Watch> all_watches(int slot);
  int posting_descriptor(int slot);
  Watch parse(const char*& line) const;

  Backend backend_;
  int first_;
  std::vector<unique_fd> posting_;  // their numbers are those after the slots'
  std::map<Inode, long> objects_;
  std::vector<unique_fd> fdinfo_;
  std::array<int, kSlots> placed_{};
};

}  // namespace xpoll::fuzz
