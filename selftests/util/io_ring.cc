// SPDX-License-Identifier: GPL-2.0-only
#include "io_ring.h"

#include <sys/mman.h>
#include <sys/syscall.h>

#include <algorithm>
#include <atomic>
#include <stdexcept>

#include "process.h"

namespace xpoll::test {
namespace {

constexpr unsigned kEntries = 8;

int set_up(io_uring_params& params) {
  return static_cast<int>(syscall(SYS_io_uring_setup, kEntries, &params));
}

char* map_ring(const unique_fd& ring, std::size_t size, off_t offset) {
  void* address =
      mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, ring.get(), offset);
  checked(address == MAP_FAILED ? -1 : 0, "mmap of io_uring");
  return static_cast<char*>(address);
}

unsigned load(unsigned* shared) { return std::atomic_ref(*shared).load(std::memory_order_acquire); }
void store(unsigned* shared, unsigned value) {
  std::atomic_ref(*shared).store(value, std::memory_order_release);
}

}  // namespace

bool IoRing::available() {
  io_uring_params params{};
  return unique_fd(set_up(params)).valid();
}

bool IoRing::available_to_child() {
  Process child([] { return available() ? 1 : 0; });
  return child.join() == 1;
}

IoRing::IoRing(unsigned setup) : params_{.flags = setup} {
  fd_ = checked_fd(set_up(params_), "io_uring_setup");
  if (!(params_.features & IORING_FEAT_SINGLE_MMAP))
    throw std::runtime_error("io_uring without a single mapping");
  ring_size_ = std::max(params_.sq_off.array + params_.sq_entries * sizeof(unsigned),
                        params_.cq_off.cqes + params_.cq_entries * sizeof(io_uring_cqe));
  ring_ = map_ring(fd_, ring_size_, IORING_OFF_SQ_RING);
  requests_size_ = params_.sq_entries * sizeof(io_uring_sqe);
  requests_ = reinterpret_cast<io_uring_sqe*>(map_ring(fd_, requests_size_, IORING_OFF_SQES));
}

IoRing::~IoRing() {
  munmap(requests_, requests_size_);
  munmap(ring_, ring_size_);
}

unsigned* IoRing::at(unsigned offset) const { return reinterpret_cast<unsigned*>(ring_ + offset); }

bool IoRing::polled_by_kernel_and_asleep() const {
  // The new tail is stored before this load, so that the thread sees the tail or this sees it
  // asleep.
  std::atomic_thread_fence(std::memory_order_seq_cst);
  return load(at(params_.sq_off.flags)) & IORING_SQ_NEED_WAKEUP;
}

void IoRing::submit(const io_uring_sqe& request) {
  const unsigned tail = load(at(params_.sq_off.tail));
  const unsigned index = tail & *at(params_.sq_off.ring_mask);
  requests_[index] = request;
  at(params_.sq_off.array)[index] = index;
  store(at(params_.sq_off.tail), tail + 1);
  unsigned flags = 0;
  if (params_.flags & IORING_SETUP_SQPOLL) {
    if (!polled_by_kernel_and_asleep()) return;
    flags = IORING_ENTER_SQ_WAKEUP;
  }
  checked(static_cast<int>(syscall(SYS_io_uring_enter, fd_.get(), 1, 0, flags, nullptr, 0)),
          "io_uring_enter");
}

std::vector<io_uring_cqe> IoRing::complete(unsigned count) {
  checked(static_cast<int>(
              syscall(SYS_io_uring_enter, fd_.get(), 0, count, IORING_ENTER_GETEVENTS, nullptr, 0)),
          "io_uring_enter");
  const auto* completions = reinterpret_cast<const io_uring_cqe*>(ring_ + params_.cq_off.cqes);
  std::vector<io_uring_cqe> result;
  unsigned head = load(at(params_.cq_off.head));
  for (const unsigned tail = load(at(params_.cq_off.tail)); head != tail; ++head)
    result.push_back(completions[head & *at(params_.cq_off.ring_mask)]);
  store(at(params_.cq_off.head), head);
  return result;
}

}  // namespace xpoll::test
