// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <chrono>
#include <xpoll/unique_fd.hpp>

namespace probes {

/// A timer as a descriptor for poll(2).
class Timer final {
 public:
  enum class Kind { once, periodic };

  /// Never readable if the time is 0.
  Timer(std::chrono::nanoseconds time, Kind kind);

  [[nodiscard]] int fd() const { return fd_.get(); }

  /// Call it when the timer is readable: rearms it for the next expiration.
  void acknowledge() const;

 private:
  xpoll::unique_fd fd_;
};

}  // namespace probes
