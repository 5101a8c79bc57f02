// SPDX-License-Identifier: GPL-2.0-only
// Every file with ->poll can be watched.
#include "util/pollable.h"

#include <memory>
#include <string>
#include <tuple>

#include "util/each_backend.h"
#include "util/matchers.h"
#include "util/thread.h"
#include "util/watched.h"

namespace xpoll::test {
namespace {

constexpr std::uint32_t kAsked = EPOLLIN | EPOLLOUT | EPOLLPRI | EPOLLRDHUP;
constexpr int kForever = -1;

class PollableTest : public testing::TestWithParam<std::tuple<Backend, PollableKind>> {
 protected:
  void SetUp() override {
    if (backend_.is_xpoll()) require_xpoll();
  }

  // Created in the test, because one of the kinds is an instance and needs the device.
  std::unique_ptr<Pollable> make() const { return std::get<1>(GetParam()).make(backend_); }

  const Backend backend_ = std::get<0>(GetParam());
};

TEST_P(PollableTest, DataThatIsThereBeforeAddIsReported) {
  const auto watched = make();
  const unique_fd ep = backend_.instance();
  watched->make_readable();
  ASSERT_THAT(backend_.add(ep.get(), watched->fd().get(), EPOLLIN), SyscallSucceeds());
  EXPECT_THAT(backend_.ready(ep.get(), kForever), Events(Event(watched->fd().get(), EPOLLIN)));
}

TEST_P(PollableTest, DataThatComesAfterAddIsReportedUntilItIsRead) {
  const auto watched = make();
  const unique_fd ep = backend_.instance();
  ASSERT_THAT(backend_.add(ep.get(), watched->fd().get(), EPOLLIN), SyscallSucceeds());
  for (int round = 0; round < 3; ++round) {
    EXPECT_THAT(backend_.ready(ep.get()), NoEvents());
    watched->make_readable();
    EXPECT_THAT(backend_.ready(ep.get(), kForever), Events(Event(watched->fd().get(), EPOLLIN)));
    EXPECT_THAT(backend_.ready(ep.get()), Events(Event(watched->fd().get(), EPOLLIN)));
    watched->make_unreadable();
  }
  EXPECT_THAT(backend_.ready(ep.get()), NoEvents());
}

TEST_P(PollableTest, DataWakesASleeper) {
  const auto watched = make();
  const unique_fd ep = backend_.instance();
  ASSERT_THAT(backend_.add(ep.get(), watched->fd().get(), EPOLLIN), SyscallSucceeds());
  std::vector<epoll_event> delivered;
  Thread sleeper([&] { delivered = backend_.ready(ep.get(), kForever); });
  sleeper.wait_until_asleep_in_wait();
  watched->make_readable();
  sleeper.join();
  EXPECT_THAT(delivered, Events(Event(watched->fd().get(), EPOLLIN)));
}

TEST_P(PollableTest, ExactlyTheBitsThatHoldAreReported) {
  const auto watched = make();
  const unique_fd ep = backend_.instance();
  const int fd = watched->fd().get();
  ASSERT_THAT(backend_.add(ep.get(), fd, kAsked), SyscallSucceeds());
  if (watched->idle_bits())
    EXPECT_THAT(backend_.ready(ep.get()), Events(Event(fd, watched->idle_bits())));
  else
    EXPECT_THAT(backend_.ready(ep.get()), NoEvents());
  watched->make_readable();
  ASSERT_THAT(backend_.mod(ep.get(), fd, EPOLLIN), SyscallSucceeds());
  ASSERT_THAT(backend_.ready(ep.get(), kForever), Events(Event(fd, EPOLLIN)));
  ASSERT_THAT(backend_.mod(ep.get(), fd, kAsked), SyscallSucceeds());
  EXPECT_THAT(backend_.ready(ep.get()), Events(Event(fd, watched->idle_bits() | EPOLLIN)));
}

TEST_P(PollableTest, AfterDelNothingIsReported) {
  const auto watched = make();
  const unique_fd ep = backend_.instance();
  ASSERT_THAT(backend_.add(ep.get(), watched->fd().get(), EPOLLIN), SyscallSucceeds());
  watched->make_readable();
  ASSERT_THAT(backend_.ready(ep.get(), kForever), Events(Event(watched->fd().get(), EPOLLIN)));
  ASSERT_THAT(backend_.del(ep.get(), watched->fd().get()), SyscallSucceeds());
  EXPECT_THAT(backend_.ready(ep.get()), NoEvents());
}

TEST_P(PollableTest, TheLastCloseRemovesTheWatch) {
  auto watched = make();
  const unique_fd ep = backend_.instance();
  const int fd = watched->fd().get();
  ASSERT_THAT(backend_.add(ep.get(), fd, EPOLLIN), SyscallSucceeds());
  watched->make_readable();
  ASSERT_THAT(backend_.ready(ep.get(), kForever), Events(Event(fd, EPOLLIN)));
  watched.reset();
  EXPECT_THAT(backend_.ready(ep.get()), NoEvents());
  EXPECT_THAT(watches_of(ep.get()), testing::IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(, PollableTest,
                         testing::Combine(testing::Values(Backend::xpoll(), Backend::native()),
                                          testing::ValuesIn(pollable_kinds())),
                         [](const testing::TestParamInfo<PollableTest::ParamType>& info) {
                           return std::get<1>(info.param).name + "_" +
                                  std::get<0>(info.param).name();
                         });

}  // namespace
}  // namespace xpoll::test
