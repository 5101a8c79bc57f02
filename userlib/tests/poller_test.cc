// SPDX-License-Identifier: MIT
// The poller on native instances: made natively, and adopted, which goes through libxpoll's
// fallback; and on one of xpoll where the module is loaded, as in a guest.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <span>
#include <string>
#include <system_error>
#include <type_traits>
#include <utility>
#include <xpoll/xpoll.hpp>

#include "errno_of.hpp"
#include "pollers.hpp"

namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;
using xpoll::events;
using xpoll::poller;

static_assert(!std::is_copy_constructible_v<poller> && !std::is_copy_assignable_v<poller>);
static_assert(std::is_nothrow_move_constructible_v<poller>);
static_assert(std::is_nothrow_move_assignable_v<poller>);

bool is_open(int fd) { return fcntl(fd, F_GETFD) >= 0; }

class Poller : public PollerTest<poller> {
 protected:
  Poller() : PollerTest(0) {}
};

INSTANTIATE_TEST_SUITE_P(, Poller, testing::ValuesIn(poller_kinds<poller>()), Poller::name);

// Whether there is a device or not.
TEST(PollerOfXpoll, NamesTheDeviceWhereItCannotBeMade) {
  rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &before), 0);
  const rlimit none{.rlim_cur = 0, .rlim_max = before.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &none), 0);
  std::string message;
  try {
    (void)poller::create();
  } catch (const std::system_error& error) {
    message = error.what();
  }
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &before), 0);
  EXPECT_EQ(message, "xpoll_create1: /dev/xpoll: Too many open files");
}

TEST_P(Poller, DeliversWhatWasAddedWithItsData) {
  poller_.add(counter_, events::in | events::out, {.u64 = 0x1122334455667788});
  const auto result = poller_.wait(room_);
  ASSERT_EQ(result.size(), 1U);
  EXPECT_EQ(xpoll::events_of(result.events()[0]), events::out);
  EXPECT_EQ(std::uint64_t{result.events()[0].data.u64}, 0x1122334455667788U);
}

TEST_P(Poller, ModifyChangesInterestAndRemoveEndsIt) {
  poller_.add(counter_, events::out, {.fd = counter_});
  poller_.modify(counter_, events::in, {.fd = counter_});
  EXPECT_TRUE(poller_.wait(room_, 0ms).timed_out());
  eventfd_write(counter_, 1);
  EXPECT_EQ(poller_.wait(room_, 0ms).size(), 1U);
  poller_.remove(counter_);
  EXPECT_TRUE(poller_.wait(room_, 0ms).timed_out());
}

TEST_P(Poller, WaitsForNoLessThanTheDuration) {
  const auto start = steady_clock::now();
  EXPECT_TRUE(poller_.wait(room_, 2500us).timed_out());
  EXPECT_GE(steady_clock::now() - start, 2500us);
}

TEST_P(Poller, WaitsUntilTheDeadline) {
  const auto deadline = steady_clock::now() + 2500us;
  EXPECT_TRUE(poller_.wait(room_, deadline).timed_out());
  EXPECT_GE(steady_clock::now(), deadline);
}

TEST_P(Poller, DoesNotWaitForADeadlineThatIsPast) {
  EXPECT_TRUE(poller_.wait(room_, steady_clock::now() - 1h).timed_out());
  EXPECT_TRUE(poller_.wait(room_, steady_clock::time_point::min()).timed_out());
}

TEST_P(Poller, TakesADeadlineBeyondAnyClock) {
  using hours = std::chrono::time_point<steady_clock, std::chrono::hours>;
  poller_.add(counter_, events::out, {.fd = counter_});
  EXPECT_EQ(poller_.wait(room_, steady_clock::time_point::max()).size(), 1U);
  EXPECT_EQ(poller_.wait(room_, hours::max()).size(), 1U);
}

TEST_P(Poller, ReportsASignalThatTheMaskLetsThrough) {
  struct sigaction action {};
  struct sigaction old_action {};
  action.sa_handler = [](int) {};
  ASSERT_EQ(sigaction(SIGUSR1, &action, &old_action), 0);
  sigset_t blocked;
  sigset_t before;
  sigemptyset(&blocked);
  sigaddset(&blocked, SIGUSR1);
  ASSERT_EQ(pthread_sigmask(SIG_BLOCK, &blocked, &before), 0);
  ASSERT_EQ(raise(SIGUSR1), 0);

  EXPECT_TRUE(poller_.wait(room_, 1ms).timed_out());
  EXPECT_TRUE(poller_.wait(room_, {.sigmask = &before}).interrupted());

  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  sigaction(SIGUSR1, &old_action, nullptr);
}

TEST_P(Poller, ThrowsErrno) {
  const epoll_data_t none{};
  EXPECT_EQ(errno_of([&] { poller_.remove(counter_); }), ENOENT);
  EXPECT_EQ(errno_of([&] { poller_.add(-1, events::in, none); }), EBADF);
  poller_.add(counter_, events::in, none);
  EXPECT_EQ(errno_of([&] { poller_.add(counter_, events::in, none); }), EEXIST);
  EXPECT_EQ(errno_of([&] { (void)poller_.wait(std::span<epoll_event>()); }), EINVAL);
}

TEST_P(Poller, PostsAnEventOnXpollAlone) {
  const bool is_xpoll = std::string(GetParam().name) == "Xpoll";
  const int error = errno_of([&] { poller_.post({.u64 = 5}); });
  if (!is_xpoll) {
    EXPECT_TRUE(error == ENOTTY || error == EINVAL) << error;
    return;
  }
  EXPECT_EQ(error, 0);
  const auto result = poller_.wait(room_);
  ASSERT_EQ(result.size(), 1U);
  EXPECT_EQ(std::uint64_t{result.events()[0].data.u64}, 5U);
}

TEST_P(Poller, ClosesItsDescriptor) {
  const int fd = poller_.fd();
  ASSERT_TRUE(is_open(fd));
  { const poller inner = std::move(poller_); }
  EXPECT_FALSE(is_open(fd));
}

TEST_P(Poller, MovesItsDescriptorAndClosesTheOneBefore) {
  const int fd = poller_.fd();
  poller other = GetParam().make();
  const int replaced = other.fd();
  other = std::move(poller_);
  EXPECT_EQ(other.fd(), fd);
  EXPECT_TRUE(is_open(fd));
  EXPECT_FALSE(is_open(replaced));
  other.add(counter_, events::out, {.fd = counter_});
  EXPECT_EQ(other.wait(room_).size(), 1U);
}

TEST_P(Poller, ReleasesItsDescriptor) {
  int fd = -1;
  {
    poller inner = std::move(poller_);
    fd = inner.release();
    EXPECT_EQ(inner.fd(), -1);
  }
  EXPECT_TRUE(is_open(fd));
  close(fd);
}

}  // namespace
