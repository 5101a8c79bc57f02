// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <array>
#include <cstdint>

#include "xpoll.h"

namespace bench {

/// An xpoll instance whose events tell how much there is to read.
class ExtendedXpoll : public Xpoll {
 public:
  static constexpr const char* kName = "xpoll_extended";

  int wait(int timeout_ms) {
    struct xpoll_enter call {};
    call.events = reinterpret_cast<std::uintptr_t>(events_.data());
    call.maxevents = kMaxEvents;
    call.timeout_ns = timeout_ms < 0 ? -1 : std::int64_t{timeout_ms} * 1'000'000;
    call.flags = XPOLL_ENTER_EXTENDED;
    return enter(call);
  }
  /// Descriptor of the event at `index` of the last wait.
  [[nodiscard]] int ready_fd(int index) const { return static_cast<int>(events_[index].data); }
  /// What could be read when that event was stored, or XPOLL_AMOUNT_UNKNOWN.
  [[nodiscard]] std::uint32_t amount(int index) const { return events_[index].amount; }

 private:
  std::array<struct xpoll_event, kMaxEvents> events_{};
};

}  // namespace bench
