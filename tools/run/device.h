// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <linux/xpoll.h>

#include <cstdint>
#include <xpoll/unique_fd.hpp>

namespace run {

/// What finds the group that instances are counted in, and that has their wake policy, and lets
/// programs join it even when they have become another user.
struct Group {
  std::uint32_t number;
  std::uint64_t key;
};

/// /dev/xpoll, held open for the group of the program's instances.
class Device final {
 public:
  /// Throws Failure, saying what is wrong and what to do about it, if there is no module that the
  /// preload library can work with and that has these features (XPOLL_FEATURE_*) too.
  explicit Device(std::uint64_t features);

  /// This open file's group.
  [[nodiscard]] Group group() const;
  /// What the instances in it have done.
  [[nodiscard]] xpoll_stats stats() const;

  /// Sets the wake policy (XPOLL_WAKE_*) of the group; XPOLL_WAKE_BPF has a program, the others 0.
  void set_wake_policy(std::uint32_t policy, int program) const;
  /// Lets the program inherit this open file, without which there is no group, under a number that
  /// is not among the lowest.
  void pass_on() const;

 private:
  xpoll::unique_fd file_;
};

}  // namespace run
