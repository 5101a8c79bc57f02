// SPDX-License-Identifier: GPL-2.0-only
#include "uring.h"

#include <system_error>

namespace bench {
namespace {

constexpr unsigned kSubmissions = 64;
// Room for all completions that can arrive between two waits, so the queue never overflows.
constexpr unsigned kCompletions = 4'096;

int set_up(io_uring& ring) {
  io_uring_params parameters{};
  parameters.flags = IORING_SETUP_CQSIZE;
  parameters.cq_entries = kCompletions;
  return io_uring_queue_init_params(kSubmissions, &ring, &parameters);
}

}  // namespace

bool Uring::available() {
  io_uring ring{};
  if (set_up(ring) < 0) return false;
  io_uring_queue_exit(&ring);
  return true;
}

Uring::Uring() {
  if (const int error = set_up(ring_); error < 0) {
    throw std::system_error(-error, std::generic_category(), "io_uring_setup");
  }
}

int Uring::collect() {
  int count = 0;
  unsigned seen = 0;
  unsigned head = 0;
  io_uring_cqe* completion = nullptr;
  io_uring_for_each_cqe(&ring_, head, completion) {
    if (count == kMaxReady) break;
    ++seen;
    // A removed request completes with ECANCELED.
    if (completion->res > 0) ready_[count++] = static_cast<int>(completion->user_data);
  }
  io_uring_cq_advance(&ring_, seen);
  return count;
}

}  // namespace bench
