// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <linux/xpoll.h>

#include <cstdint>
#include <xpoll/unique_fd.hpp>

namespace run {

/// What finds the group that instances are counted in, and lets programs join it even when they
/// have become another user.
struct Group {
  std::uint32_t number;
  std::uint64_t key;
};

/// /dev/xpoll, held open for the group that instances are counted in.
class Device final {
 public:
  /// Throws Failure, saying what is wrong and what to do about it, if there is no module that the
  /// preload library can work with.
  Device();

  /// This open file's group.
  [[nodiscard]] Group group() const;
  /// What the instances in it have done.
  [[nodiscard]] xpoll_stats stats() const;

 private:
  xpoll::unique_fd file_;
};

}  // namespace run
