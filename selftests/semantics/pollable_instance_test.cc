// SPDX-License-Identifier: GPL-2.0-only
// An instance can be polled: by select, by poll, by native epoll and by instances of its own kind.
#include <poll.h>
#include <sys/select.h>

#include <functional>
#include <string>
#include <tuple>
#include <vector>

#include "tools/util/descriptors.h"
#include "tools/util/eventfd.h"
#include "tools/util/sockets.h"
#include "util/each_backend.h"
#include "util/matchers.h"
#include "util/thread.h"

namespace xpoll::test {
namespace {

// A function that checks whether a descriptor is readable, and waits for that if told to.
struct Poller {
  std::string name;
  std::function<bool(Backend, const unique_fd&, bool wait)> readable;
};

bool by_select(Backend, const unique_fd& fd, bool wait) {
  fd_set set;
  FD_ZERO(&set);
  FD_SET(fd.get(), &set);
  timeval at_once{};
  return checked(select(fd.get() + 1, &set, nullptr, nullptr, wait ? nullptr : &at_once),
                 "select") == 1;
}

bool by_poll(Backend, const unique_fd& fd, bool wait) {
  pollfd asked{.fd = fd.get(), .events = POLLIN, .revents = 0};
  return checked(poll(&asked, 1, wait ? -1 : 0), "poll") == 1;
}

bool by_instance(Backend poller, const unique_fd& fd, bool wait) {
  const unique_fd ep = poller.instance();
  checked(poller.add(ep.get(), fd.get(), EPOLLIN), "add");
  return !poller.ready(ep.get(), wait ? -1 : 0).empty();
}

bool by_native(Backend, const unique_fd& fd, bool wait) {
  return by_instance(Backend::native(), fd, wait);
}

std::vector<Poller> pollers() {
  return {{"Select", by_select},
          {"Poll", by_poll},
          {"NativeEpoll", by_native},
          {"ItsOwnKind", by_instance}};
}

class PollableInstanceTest : public testing::TestWithParam<std::tuple<Backend, Poller>> {
 protected:
  void SetUp() override {
    if (backend_.is_xpoll()) require_xpoll();
  }

  bool readable() { return std::get<1>(GetParam()).readable(backend_, ep_, false); }
  void wait_until_readable() { std::get<1>(GetParam()).readable(backend_, ep_, true); }

  const Backend backend_ = std::get<0>(GetParam());
  const unique_fd ep_{backend_.create1(EPOLL_CLOEXEC)};
};

TEST_P(PollableInstanceTest, AnEmptyInstanceIsNotReadable) { EXPECT_FALSE(readable()); }

TEST_P(PollableInstanceTest, ItIsReadableWhileAnItemIsReady) {
  const TcpPair tcp = tcp_pair();
  ASSERT_THAT(backend_.add(ep_.get(), tcp.server.get(), EPOLLIN), SyscallSucceeds());
  EXPECT_FALSE(readable());
  write_all(tcp.client, "x");
  wait_until_readable();
  EXPECT_TRUE(readable());
  drain(tcp.server);
  EXPECT_FALSE(readable());
}

TEST_P(PollableInstanceTest, AnItemThatIsReadyAtAddMakesItReadable) {
  const unique_fd watched = make_eventfd(1);
  ASSERT_THAT(backend_.add(ep_.get(), watched.get(), EPOLLIN), SyscallSucceeds());
  EXPECT_TRUE(readable());
}

TEST_P(PollableInstanceTest, AnItemThatBecomesReadyByModMakesItReadable) {
  const unique_fd watched = make_eventfd();
  ASSERT_THAT(backend_.add(ep_.get(), watched.get(), EPOLLIN), SyscallSucceeds());
  EXPECT_FALSE(readable());
  ASSERT_THAT(backend_.mod(ep_.get(), watched.get(), EPOLLOUT), SyscallSucceeds());
  EXPECT_TRUE(readable());
}

TEST_P(PollableInstanceTest, PollingItDeliversNothingAndDisarmsNothing) {
  const unique_fd watched = make_eventfd(1);
  ASSERT_THAT(backend_.add(ep_.get(), watched.get(), EPOLLIN | EPOLLET | EPOLLONESHOT),
              SyscallSucceeds());
  EXPECT_TRUE(readable());
  EXPECT_TRUE(readable());
  EXPECT_THAT(backend_.ready(ep_.get()), Events(Event(watched.get(), EPOLLIN)));
  EXPECT_FALSE(readable());
}

TEST_P(PollableInstanceTest, ItIsNotReadableAfterTheReadyItemIsClosed) {
  unique_fd watched = make_eventfd(1);
  ASSERT_THAT(backend_.add(ep_.get(), watched.get(), EPOLLIN), SyscallSucceeds());
  EXPECT_TRUE(readable());
  watched.reset();
  EXPECT_FALSE(readable());
}

TEST_P(PollableInstanceTest, ItIsNotReadableAfterTheReadyItemIsDeleted) {
  const unique_fd watched = make_eventfd(1);
  ASSERT_THAT(backend_.add(ep_.get(), watched.get(), EPOLLIN), SyscallSucceeds());
  EXPECT_TRUE(readable());
  ASSERT_THAT(backend_.del(ep_.get(), watched.get()), SyscallSucceeds());
  EXPECT_FALSE(readable());
}

TEST_P(PollableInstanceTest, AWakeUpOfAnItemWakesASleepingPoller) {
  const unique_fd watched = make_eventfd();
  ASSERT_THAT(backend_.add(ep_.get(), watched.get(), EPOLLIN), SyscallSucceeds());
  Thread sleeper([&] { wait_until_readable(); });
  sleeper.wait_until_asleep_in_wait();
  post(watched);
  sleeper.join();
  EXPECT_TRUE(readable());
}

TEST_P(PollableInstanceTest, AnAddOfAReadyItemWakesASleepingPoller) {
  const unique_fd watched = make_eventfd(1);
  Thread sleeper([&] { wait_until_readable(); });
  sleeper.wait_until_asleep_in_wait();
  ASSERT_THAT(backend_.add(ep_.get(), watched.get(), EPOLLIN), SyscallSucceeds());
  sleeper.join();
  EXPECT_TRUE(readable());
}

TEST_P(PollableInstanceTest, AModThatMakesAnItemReadyWakesASleepingPoller) {
  const unique_fd watched = make_eventfd();
  ASSERT_THAT(backend_.add(ep_.get(), watched.get(), EPOLLIN), SyscallSucceeds());
  Thread sleeper([&] { wait_until_readable(); });
  sleeper.wait_until_asleep_in_wait();
  ASSERT_THAT(backend_.mod(ep_.get(), watched.get(), EPOLLOUT), SyscallSucceeds());
  sleeper.join();
  EXPECT_TRUE(readable());
}

TEST_P(PollableInstanceTest, AWakeUpTwoLevelsBelowWakesASleepingPoller) {
  const unique_fd below = backend_.instance();
  const unique_fd watched = make_eventfd();
  ASSERT_THAT(backend_.add(below.get(), watched.get(), EPOLLIN), SyscallSucceeds());
  ASSERT_THAT(backend_.add(ep_.get(), below.get(), EPOLLIN), SyscallSucceeds());
  Thread sleeper([&] { wait_until_readable(); });
  sleeper.wait_until_asleep_in_wait();
  post(watched);
  sleeper.join();
  EXPECT_THAT(backend_.ready(ep_.get()), Events(Event(below.get(), EPOLLIN)));
}

INSTANTIATE_TEST_SUITE_P(, PollableInstanceTest,
                         testing::Combine(testing::Values(Backend::xpoll(), Backend::native()),
                                          testing::ValuesIn(pollers())),
                         [](const testing::TestParamInfo<PollableInstanceTest::ParamType>& info) {
                           return std::get<1>(info.param).name + "_" +
                                  std::get<0>(info.param).name();
                         });

using PollBitsTest = EachBackend;
XPOLL_FOR_EACH_BACKEND(PollBitsTest);

TEST_P(PollBitsTest, AReadyInstanceIsInAndRdnormAndNothingElse) {
  const unique_fd ep = backend_.instance();
  const unique_fd watched = make_eventfd(1);
  ASSERT_THAT(backend_.add(ep.get(), watched.get(), EPOLLOUT), SyscallSucceeds());
  pollfd asked{.fd = ep.get(), .events = ~0, .revents = 0};
  ASSERT_THAT(poll(&asked, 1, 0), SyscallSucceedsWithValue(1));
  EXPECT_EQ(asked.revents, POLLIN | POLLRDNORM);
}

TEST_P(PollBitsTest, AReadyInstanceIsInAndRdnormToAnInstanceAbove) {
  const unique_fd above = backend_.instance();
  const unique_fd ep = backend_.instance();
  const unique_fd watched = make_eventfd(1);
  ASSERT_THAT(backend_.add(ep.get(), watched.get(), EPOLLOUT), SyscallSucceeds());
  ASSERT_THAT(backend_.add(above.get(), ep.get(), EPOLLIN | EPOLLRDNORM | EPOLLOUT | EPOLLPRI),
              SyscallSucceeds());
  EXPECT_THAT(backend_.ready(above.get()), Events(Event(ep.get(), EPOLLIN | EPOLLRDNORM)));
}

TEST_P(PollBitsTest, AnInstanceIsNeverWritable) {
  const unique_fd above = backend_.instance();
  const unique_fd ep = backend_.instance();
  ASSERT_THAT(backend_.add(above.get(), ep.get(), EPOLLOUT), SyscallSucceeds());
  EXPECT_THAT(backend_.ready(above.get()), NoEvents());
}

}  // namespace
}  // namespace xpoll::test
