// SPDX-License-Identifier: MIT
// A group of instances, among which a wake policy chooses.
#ifndef XPOLL_GROUP_HPP
#define XPOLL_GROUP_HPP

#include <xpoll/wake.h>

#include <xpoll/check.hpp>
#include <xpoll/cxx20.hpp>
#include <xpoll/unique_fd.hpp>
#include <xpoll/wake_policy.hpp>
#include <xpoll/worker_table.hpp>

namespace xpoll {

/// Owns a group. Instances that poller::create(group) makes in it, in this process or in children
/// that inherited the group, take a file's events by the group's policy if they watch it with
/// events::exclusive. They outlive the group.
///
/// Errors are thrown as std::system_error with errno's value; <xpoll/wake.h> lists them by call.
/// Any number of threads may use a group at once; moving and destroying is not thread-safe.
class [[nodiscard]] group final {
 public:
  /// A new group with a policy. Its descriptor is close-on-exec.
  static group create(wake_policy policy) {
    group made(detail::check(xpoll_group_create(EPOLL_CLOEXEC), "xpoll_group_create: /dev/xpoll"));
    made.wake(policy);
    return made;
  }

  /// The descriptor, which the group still owns.
  [[nodiscard]] int fd() const noexcept { return fd_.get(); }

  /// Changes the policy.
  void wake(wake_policy policy) { detail::check(xpoll_wake(fd(), &policy.get()), "xpoll_wake"); }

  /// Maps the table in which the workers publish their loads and heartbeats.
  [[nodiscard]] worker_table workers() const { return detail::map_workers(fd()); }

 private:
  explicit group(int fd) noexcept : fd_(fd) {}

  unique_fd fd_;
};

}  // namespace xpoll

#endif  // XPOLL_GROUP_HPP
