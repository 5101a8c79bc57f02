// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <linux/xpoll.h>

#include <cstdint>
#include <optional>
#include <string>
#include <xpoll/unique_fd.hpp>

namespace run {

/// Number and key of the group that counts the instances and has their wake policy. With both, a
/// program can join the group even after it has changed its user.
struct Group {
  std::uint32_t number;
  std::uint64_t key;
};

/// /dev/xpoll, held open for the group of the program's instances.
class Device final {
 public:
  /// Throws Failure, with the reason and the remedy, unless there is a module that the preload
  /// library can use and that has these features (XPOLL_FEATURE_*) too.
  explicit Device(std::uint64_t features);

  /// The group of this open file.
  [[nodiscard]] Group group() const;
  /// The counters of the group's instances.
  [[nodiscard]] xpoll_stats stats() const;

  /// Sets the wake policy (XPOLL_WAKE_*) of the group. `program` is the BPF program for
  /// XPOLL_WAKE_BPF, otherwise 0.
  void set_wake_policy(std::uint32_t policy, int program) const;
  /// Opts this process in, and with it the program that it executes or starts: their instances are
  /// xpoll's, in the group. Without a group, a process that has opted in stays in its group.
  /// Returns the reason if it fails.
  /// create_flags: XPOLL_CREATE_* bits of the instances.
  [[nodiscard]] std::optional<std::string> opt_in(const std::optional<Group>& group,
                                                  std::uint32_t create_flags) const;
  /// Throws Failure unless instances with XPOLL_CREATE_CLOSE_REMOVES can be created.
  void require_close_removes() const;
  /// Lets the program inherit this open file, which keeps the group alive, under a number that is
  /// not among the lowest.
  void pass_on() const;

 private:
  [[nodiscard]] bool is_opted_in() const;

  xpoll::unique_fd file_;
};

}  // namespace run
