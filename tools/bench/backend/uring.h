// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <liburing.h>

#include <array>
#include <cstdint>

namespace bench {

/// io_uring with a multishot poll request per descriptor. It is edge-triggered: each wake-up gives
/// one completion.
class Uring {
 public:
  static constexpr const char* kName = "io_uring";

  /// Whether the running kernel allows io_uring.
  static bool available();

  Uring();
  Uring(const Uring&) = delete;
  Uring& operator=(const Uring&) = delete;
  ~Uring() { io_uring_queue_exit(&ring_); }

  int add(int fd, std::uint32_t events) {
    io_uring_sqe* request = io_uring_get_sqe(&ring_);
    io_uring_prep_poll_multishot(request, fd, events);
    io_uring_sqe_set_data64(request, static_cast<std::uint64_t>(fd));
    return submit();
  }
  int mod(int fd, std::uint32_t events) {
    const auto data = static_cast<std::uint64_t>(fd);
    io_uring_sqe* request = io_uring_get_sqe(&ring_);
    io_uring_prep_poll_update(request, data, data, events,
                              IORING_POLL_UPDATE_EVENTS | IORING_POLL_ADD_MULTI);
    return submit_quietly(request);
  }
  int del(int fd) {
    io_uring_sqe* request = io_uring_get_sqe(&ring_);
    io_uring_prep_poll_remove(request, static_cast<std::uint64_t>(fd));
    return submit_quietly(request);
  }

  int wait(int timeout_ms) {
    const int result =
        timeout_ms == 0 ? io_uring_get_events(&ring_) : io_uring_submit_and_wait(&ring_, 1);
    if (result < 0) return result;
    return collect();
  }
  [[nodiscard]] int ready_fd(int index) const { return ready_[index]; }

 private:
  static constexpr int kMaxReady = 1024;

  int submit() {
    const int submitted = io_uring_submit(&ring_);
    return submitted == 1 ? 0 : -1;
  }
  /// The request posts no completion on success, so the caller need not skip it.
  int submit_quietly(io_uring_sqe* request) {
    request->flags |= IOSQE_CQE_SKIP_SUCCESS;
    return submit();
  }
  int collect();

  io_uring ring_{};
  std::array<int, kMaxReady> ready_{};
};

}  // namespace bench
