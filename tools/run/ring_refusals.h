// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <string>
#include <xpoll/unique_fd.hpp>

namespace run {

/// Counts how often the preload library refuses a ring. The library connects to a socket once per
/// refusal. It is a socket because the program must not inherit a descriptor and may have changed
/// its root or user. Its name is abstract, so no file is left behind. A connection that finds the
/// queue full (net.core.somaxconn), or comes from another network namespace, is not counted.
class RingRefusals final {
 public:
  RingRefusals();

  /// The socket's name, chosen by the kernel: five hexadecimal digits.
  [[nodiscard]] std::string name() const;
  /// Returns the number of refusals so far and resets the count.
  [[nodiscard]] unsigned take() const;

 private:
  xpoll::unique_fd listener_;
};

}  // namespace run
