// SPDX-License-Identifier: GPL-2.0-only
#ifndef XPOLL_RUN_RING_REFUSALS_H
#define XPOLL_RUN_RING_REFUSALS_H

#include <string>

#include "tools/util/unique_fd.h"

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
  xpoll::UniqueFd listener_;
};

}  // namespace run

#endif  // XPOLL_RUN_RING_REFUSALS_H
