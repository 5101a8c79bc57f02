// SPDX-License-Identifier: MIT
// A wake policy as a value.
#ifndef XPOLL_WAKE_POLICY_HPP
#define XPOLL_WAKE_POLICY_HPP

#include <linux/xpoll.h>

#include <chrono>
#include <xpoll/cxx20.hpp>
#include <xpoll/timeout.hpp>

namespace xpoll {

/// Who is woken if several could be; <linux/xpoll.h> has the rules (XPOLL_IOC_WAKE).
class [[nodiscard]] wake_policy final {
 public:
  /// As on native epoll; the default.
  static constexpr wake_policy native() noexcept { return {XPOLL_WAKE_NATIVE, 0}; }
  /// Each in turn.
  static constexpr wake_policy round_robin() noexcept { return {XPOLL_WAKE_ROUND_ROBIN, 0}; }
  /// The one with the smallest load.
  static constexpr wake_policy least_loaded() noexcept { return {XPOLL_WAKE_LEAST_LOADED, 0}; }
  /// The one that a loaded BPF program of type raw tracepoint returns. The descriptor remains the
  /// caller's, who may close it once the policy is set.
  static constexpr wake_policy program(int fd) noexcept { return {XPOLL_WAKE_BPF, fd}; }

  /// The same policy, which passes over workers whose last heartbeat is older than limit. Zero or
  /// negative: no limit.
  template <class Rep, class Period>
  constexpr wake_policy heartbeat(std::chrono::duration<Rep, Period> limit) const {
    wake_policy changed = *this;
    changed.wake_.heartbeat_ns = static_cast<__u64>(detail::timeout_ns(limit));
    return changed;
  }

  constexpr const struct xpoll_wake& get() const noexcept { return wake_; }

 private:
  constexpr wake_policy(__u32 policy, __s32 program) noexcept
      : wake_{.policy = policy, .prog_fd = program, .heartbeat_ns = 0, .reserved = {}} {}

  struct xpoll_wake wake_;
};

}  // namespace xpoll

#endif  // XPOLL_WAKE_POLICY_HPP
