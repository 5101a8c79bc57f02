// SPDX-License-Identifier: GPL-2.0-only
// io_uring polls an instance, and an instance watches io_uring.
#include <poll.h>

#include "tools/util/descriptors.h"
#include "tools/util/eventfd.h"
#include "util/each_backend.h"
#include "util/io_ring.h"
#include "util/matchers.h"
#include "util/process.h"
#include "util/requires.h"

namespace xpoll::test {
namespace {

constexpr std::uint64_t kNopData = 1;
constexpr std::uint64_t kPollData = 2;

io_uring_sqe nop() {
  io_uring_sqe request{};
  request.opcode = IORING_OP_NOP;
  request.user_data = kNopData;
  return request;
}

io_uring_sqe multishot_poll(const unique_fd& fd) {
  io_uring_sqe request{};
  request.opcode = IORING_OP_POLL_ADD;
  request.fd = fd.get();
  request.poll32_events = POLLIN;
  request.len = IORING_POLL_ADD_MULTI;
  request.user_data = kPollData;
  return request;
}

// Rings live in children, because closing a ring interrupts later waits of its owner for a while.
class UringTest : public EachBackend {
 protected:
  void SetUp() override {
    EachBackend::SetUp();
    if (IsSkipped() || HasFatalFailure()) return;
    XPOLL_REQUIRE(IoRing::available_to_child(), "io_uring");
    ep_ = backend_.instance();
  }

  unique_fd ep_;
  const unique_fd eventfd_ = make_eventfd();
};
XPOLL_FOR_EACH_BACKEND(UringTest);

TEST_P(UringTest, InstanceReportsCompletions) {
  Process child([&] {
    IoRing ring;
    checked(backend_.add(ep_.get(), ring.fd().get(), EPOLLIN), "add");
    const auto before = backend_.ready(ep_.get());
    ring.submit(nop());
    const auto after = backend_.ready(ep_.get());
    return before.empty() && after.size() == 1 ? static_cast<int>(after[0].events) : -1;
  });
  EXPECT_EQ(child.join(), EPOLLIN);
}

TEST_P(UringTest, MultishotPollOfAnInstanceReportsEachEvent) {
  constexpr int kEvents = 3;
  ASSERT_THAT(backend_.add(ep_.get(), eventfd_.get(), EPOLLIN | EPOLLET), SyscallSucceeds());
  Process child([&] {
    IoRing ring;
    ring.submit(multishot_poll(ep_));
    int reported = 0;
    for (int i = 0; i < kEvents; ++i) {
      post(eventfd_);
      for (const io_uring_cqe& completion : ring.complete(1)) {
        reported += completion.user_data == kPollData && (completion.flags & IORING_CQE_F_MORE);
      }
      backend_.ready(ep_.get());
    }
    return reported;
  });
  EXPECT_EQ(child.join(), kEvents);
}

TEST_P(UringTest, WakeThatComesFromTheRingItselfEndsItsMultishotPoll) {
  // The ring polls an instance that watches the ring, so each completion would cause the next one.
  // io_uring breaks this loop if the wake-up carries EPOLL_URING_WAKE.
  constexpr int kEnded = 0;
  constexpr int kGoesOn = 1;
  Process child([&] {
    IoRing ring;
    checked(backend_.add(ep_.get(), ring.fd().get(), EPOLLIN), "add");
    ring.submit(multishot_poll(ep_));
    ring.submit(nop());
    const auto completions = ring.complete(2);
    if (completions.size() != 2 || completions[1].user_data != kPollData) return -1;
    return completions[1].flags & IORING_CQE_F_MORE ? kGoesOn : kEnded;
  });
  EXPECT_EQ(child.join(), kEnded);
}

}  // namespace
}  // namespace xpoll::test
