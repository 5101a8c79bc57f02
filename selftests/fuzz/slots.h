// SPDX-License-Identifier: GPL-2.0-only
#ifndef XPOLL_SELFTESTS_FUZZ_SLOTS_H
#define XPOLL_SELFTESTS_FUZZ_SLOTS_H

#include <algorithm>
#include <array>
#include <cstddef>

namespace xpoll_fuzz {

// What a descriptor refers to, as far as an operation has to know it.
enum class Kind {
  kNone,
  kInstance,
  kTcp,
  kListener,
  kUnixStream,
  kUnixDatagram,  // and seqpacket: one read takes one message
  kPipe,
  kEventfd,
  kTimerfd,
  kUnpollable,
};

constexpr int kSlots = 20;

constexpr bool isUnix(Kind kind) {
  return kind == Kind::kUnixStream || kind == Kind::kUnixDatagram;
}

// The kinds behind the slots. A slot stands for one descriptor number in each world.
class Slots {
 public:
  Kind& operator[](int slot) { return kinds_.at(static_cast<std::size_t>(slot)); }
  Kind operator[](int slot) const { return kinds_.at(static_cast<std::size_t>(slot)); }

  bool any(Kind kind) const { return std::ranges::find(kinds_, kind) != kinds_.end(); }

 private:
  std::array<Kind, kSlots> kinds_{};
};

}  // namespace xpoll_fuzz

#endif  // XPOLL_SELFTESTS_FUZZ_SLOTS_H
