// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <string>
#include <xpoll/unique_fd.hpp>

namespace run {

/// Counts how often the preload library refuses a ring: it connects once for each. A socket, since
/// the program must not inherit a descriptor and may have changed its root or user; an abstract
/// name, which leaves nothing behind. A connection that finds the queue full (net.core.somaxconn),
/// or comes from another network namespace, is not counted.
class RingRefusals final {
 public:
  RingRefusals();

  /// What the library connects to: the name that the kernel chose, five hexadecimal digits.
  [[nodiscard]] std::string name() const;
  /// How many there have been. Takes them: the next count begins at 0.
  [[nodiscard]] unsigned take() const;

 private:
  xpoll::unique_fd listener_;
};

}  // namespace run
