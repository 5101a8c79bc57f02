// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <linux/io_uring.h>

#include <cstddef>
#include <vector>

#include "tools/util/checked.h"

namespace xpoll::test {

// The parts of io_uring that a test of polling needs.
class IoRing {
 public:
  // A kernel may be built or configured without io_uring.
  static bool available();
  // The same, asked in a child: a ring's end interrupts later waits of its owner for a while.
  static bool available_to_child();

  // `setup` are IORING_SETUP_* flags. With IORING_SETUP_SQPOLL a thread of the kernel submits.
  explicit IoRing(unsigned setup = 0);
  IoRing(const IoRing&) = delete;
  IoRing& operator=(const IoRing&) = delete;
  ~IoRing();

  const unique_fd& fd() const { return fd_; }
  // Submits one request.
  void submit(const io_uring_sqe& request);
  // Returns the next `count` completions, waiting for them if necessary.
  std::vector<io_uring_cqe> complete(unsigned count);

 private:
  unsigned* at(unsigned offset) const;

  bool polled_by_kernel_and_asleep() const;

  io_uring_params params_{};
  unique_fd fd_;
  std::size_t ring_size_ = 0;
  char* ring_ = nullptr;
  std::size_t requests_size_ = 0;
  io_uring_sqe* requests_ = nullptr;
};

}  // namespace xpoll::test
