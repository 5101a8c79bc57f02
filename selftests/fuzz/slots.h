// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>

namespace xpoll::fuzz {

// The type of a descriptor, as far as operations depend on it.
enum class Kind {
  kNone,
  kInstance,
  kRing,  // an instance that has a ready ring in the world of xpoll
  kTcp,
  kListener,
  kUnixStream,
  kUnixDatagram,  // includes seqpacket: one read takes one message
  kPipe,
  kEventfd,
  kTimerfd,
  kUnpollable,
};

constexpr int kSlots = 20;

constexpr bool is_instance(Kind kind) { return kind == Kind::kInstance || kind == Kind::kRing; }

constexpr bool is_unix(Kind kind) {
  return kind == Kind::kUnixStream || kind == Kind::kUnixDatagram;
}

// The kinds of the descriptors in the slots. A slot stands for one descriptor number in each world.
class Slots {
 public:
  Kind& operator[](int slot) { return kinds_.at(static_cast<std::size_t>(slot)); }
  Kind operator[](int slot) const { return kinds_.at(static_cast<std::size_t>(slot)); }

  bool any(Kind kind) const { return std::ranges::find(kinds_, kind) != kinds_.end(); }

 private:
  std::array<Kind, kSlots> kinds_{};
};

}  // namespace xpoll::fuzz
