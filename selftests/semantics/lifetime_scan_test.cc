// SPDX-License-Identifier: GPL-2.0-only
// A file whose last descriptor is closed while a scan polls it. The scanning task then sleeps
// without timeout, and must not keep the file open.
#include <poll.h>
#include <sys/select.h>

#include <array>
#include <string>
#include <tuple>

#include "tools/util/descriptors.h"
#include "tools/util/eventfd.h"
#include "tools/util/wait_until.h"
#include "util/difference.h"
#include "util/each_backend.h"
#include "util/fault_gate.h"
#include "util/matchers.h"
#include "util/raw.h"
#include "util/requires.h"
#include "util/sleep_watch.h"
#include "util/stats.h"
#include "util/task_state.h"
#include "util/thread.h"
#include "util/waiter.h"
#include "util/watched.h"

namespace xpoll::test {
namespace {

int sleep_in_poll(int ep) {
  pollfd request{.fd = ep, .events = POLLIN, .revents = 0};
  return poll(&request, 1, -1);
}

int sleep_in_select(int ep) {
  fd_set readable;
  FD_ZERO(&readable);
  FD_SET(ep, &readable);
  return select(ep + 1, &readable, nullptr, nullptr, nullptr);
}

// How the outer instance is waited on.
enum class Sleeper { kWait, kPoll, kSelect, kNativeEpoll };

// The outer instance watches the middle one, which watches the inner one, which watches an
// edge-triggered file. Another task is stopped in a scan of the inner instance with that item.
// Meanwhile a scan of the outer instance holds the middle one and waits, and finally finds nothing.
class LifetimeScanTest : public testing::TestWithParam<std::tuple<Backend, Sleeper>> {
 protected:
  void SetUp() override {
    XPOLL_REQUIRE(FaultGate::available(), "userfaultfd");
    if (backend_.is_xpoll()) {
      require_xpoll();
      if (HasFatalFailure() || IsSkipped()) return;
      device_ = open_device();
    }
    outer_ = instance();
    middle_ = instance();
    inner_ = instance();
    checked(backend_.add(inner_.get(), edge_.get(), EPOLLIN | EPOLLET), "add of an eventfd");
    checked(backend_.add(middle_.get(), inner_.get(), EPOLLIN), "add of the inner instance");
    checked(backend_.add(outer_.get(), middle_.get(), EPOLLIN), "add of the middle instance");
    checked(backend_.add(outer_.get(), end_.get(), EPOLLIN), "add of an eventfd");
    checked(Backend::native().add(above_.get(), outer_.get(), EPOLLIN), "add of the outer one");
    post(edge_);
  }

  int sleep() const {
    epoll_event event;
    switch (std::get<Sleeper>(GetParam())) {
      case Sleeper::kWait:
        return backend_.wait(outer_.get(), &event, 1, -1);
      case Sleeper::kPoll:
        return sleep_in_poll(outer_.get());
      case Sleeper::kSelect:
        return sleep_in_select(outer_.get());
      case Sleeper::kNativeEpoll:
        return Backend::native().wait(above_.get(), &event, 1, -1);
    }
    return -1;
  }

  // Native epoll has no counters.
  bool middle_is_open(bool unless_counted) const {
    return device_.valid() ? stats_of(device_).open_instances == 3 : unless_counted;
  }
  bool middle_is_watched() const { return watch_count(outer_.get()) == 2; }

  const Backend backend_ = std::get<Backend>(GetParam());
  const unique_fd end_ = make_eventfd();
  unique_fd outer_;
  unique_fd middle_;
  unique_fd inner_;

 private:
  // xpoll's instances are counted in one group.
  unique_fd instance() const {
    if (!device_.valid()) return backend_.instance();
    const int group = checked(ioctl(device_.get(), XPOLL_IOC_GROUP), "XPOLL_IOC_GROUP");
    const struct xpoll_create arguments {
      .flags = XPOLL_CLOEXEC, .group = static_cast<std::uint32_t>(group)
    };
    return checked_fd(ioctl(device_.get(), XPOLL_IOC_CREATE, &arguments), "XPOLL_IOC_CREATE");
  }

  const unique_fd edge_ = make_eventfd();
  const unique_fd above_ = Backend::native().instance();
  unique_fd device_;
};

TEST_P(LifetimeScanTest, FileClosedDuringAScanEndsThoughItsTaskSleepsOnWithXpollOnly) {
  FaultGate gate;
  Waiter below(backend_, inner_.get(), gate.array_gated_at(0), 1);
  gate.wait_until_reached();
  int result = 0;
  Thread sleeper([&] { result = sleep(); });
  const PostAtExit end_at_exit(end_);
  wait_until("the scan at the inner instance", [&] { return is_blocked_in_wait(sleeper.tid()); });
  middle_.reset();
  EXPECT_TRUE(middle_is_open(true)) << "the scan does not hold it";
  gate.open();
  EXPECT_THAT(below.join(), SyscallSucceedsWithValue(1));

  const SleepWatch asleep(sleeper.tid());
  EXPECT_EQ(middle_is_watched(), !differs(backend_, Difference::kSleeperKeepsNoClosedFile));
  wait_until("the end of the middle instance", [&] { return !middle_is_open(false); });
  EXPECT_TRUE(asleep.undisturbed());

  post(end_);
  sleeper.join();
  EXPECT_EQ(result, 1);
  EXPECT_FALSE(middle_is_watched());
}

std::string name_of(const testing::TestParamInfo<std::tuple<Backend, Sleeper>>& info) {
  constexpr std::array kSleepers{"wait", "poll", "select", "wait_above"};
  const auto& [backend, sleeper] = info.param;
  return std::string(backend.name()) + "_" + kSleepers.at(static_cast<std::size_t>(sleeper));
}

INSTANTIATE_TEST_SUITE_P(, LifetimeScanTest,
                         testing::Combine(testing::Values(Backend::xpoll(), Backend::native()),
                                          testing::Values(Sleeper::kWait, Sleeper::kPoll,
                                                          Sleeper::kSelect, Sleeper::kNativeEpoll)),
                         name_of);

}  // namespace
}  // namespace xpoll::test
