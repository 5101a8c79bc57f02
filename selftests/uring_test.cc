// SPDX-License-Identifier: GPL-2.0-only
// An instance polled by io_uring, and io_uring watched by an instance.
#include <poll.h>

#include "util/descriptors.h"
#include "util/each_backend.h"
#include "util/eventfd.h"
#include "util/io_ring.h"
#include "util/matchers.h"

namespace xpoll_test {
namespace {

constexpr std::uint64_t kNopData = 1;
constexpr std::uint64_t kPollData = 2;

io_uring_sqe nop() {
  io_uring_sqe request{};
  request.opcode = IORING_OP_NOP;
  request.user_data = kNopData;
  return request;
}

io_uring_sqe multishotPoll(const Fd& fd) {
  io_uring_sqe request{};
  request.opcode = IORING_OP_POLL_ADD;
  request.fd = fd.get();
  request.poll32_events = POLLIN;
  request.len = IORING_POLL_ADD_MULTI;
  request.user_data = kPollData;
  return request;
}

class UringTest : public EachBackend {
 protected:
  void SetUp() override {
    EachBackend::SetUp();
    if (!IoRing::available()) GTEST_SKIP() << "io_uring is not permitted";
  }
};
XPOLL_FOR_EACH_BACKEND(UringTest);

TEST_P(UringTest, InstanceReportsCompletions) {
  const Fd ep = backend_.instance();
  IoRing ring;
  ASSERT_THAT(backend_.add(ep.get(), ring.fd().get(), EPOLLIN), SyscallSucceeds());
  EXPECT_THAT(backend_.ready(ep.get()), NoEvents());
  ring.submit(nop());
  EXPECT_THAT(backend_.ready(ep.get()), Events(Event(ring.fd().get(), EPOLLIN)));
}

TEST_P(UringTest, MultishotPollOfAnInstanceReportsEachEvent) {
  const Fd ep = backend_.instance();
  const Fd eventfd = makeEventfd();
  ASSERT_THAT(backend_.add(ep.get(), eventfd.get(), EPOLLIN | EPOLLET), SyscallSucceeds());
  IoRing ring;
  ring.submit(multishotPoll(ep));
  for (int i = 0; i < 2; ++i) {
    post(eventfd);
    const auto completions = ring.complete(1);
    ASSERT_EQ(completions.size(), 1U);
    EXPECT_EQ(completions[0].user_data, kPollData);
    EXPECT_TRUE(completions[0].flags & IORING_CQE_F_MORE);
    EXPECT_THAT(backend_.ready(ep.get()), Events(Event(eventfd.get(), EPOLLIN)));
  }
}

TEST_P(UringTest, WakeThatComesFromTheRingItselfEndsItsMultishotPoll) {
  // The ring polls an instance that watches the ring: each completion would make the next. io_uring breaks that
  // circle if the wake that reaches it carries EPOLL_URING_WAKE.
  const Fd ep = backend_.instance();
  IoRing ring;
  ASSERT_THAT(backend_.add(ep.get(), ring.fd().get(), EPOLLIN), SyscallSucceeds());
  ring.submit(multishotPoll(ep));
  ring.submit(nop());
  const auto completions = ring.complete(2);
  ASSERT_EQ(completions.size(), 2U);
  EXPECT_EQ(completions[0].user_data, kNopData);
  EXPECT_EQ(completions[1].user_data, kPollData);
  EXPECT_FALSE(completions[1].flags & IORING_CQE_F_MORE);
  EXPECT_THAT(backend_.del(ep.get(), ring.fd().get()), SyscallSucceeds());
}

}  // namespace
}  // namespace xpoll_test
