// SPDX-License-Identifier: MIT
// Watches that are objects, where there is a module.
#include <gtest/gtest.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <barrier>
#include <cerrno>
#include <chrono>
#include <climits>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <thread>
#include <utility>
#include <vector>
#include <xpoll/unique_fd.hpp>
#include <xpoll/xpoll.hpp>

#include "errno_of.hpp"
#include "has_module.hpp"

namespace {

using namespace std::chrono_literals;
using xpoll::change_flags;
using xpoll::cookie;
using xpoll::events;
using xpoll::poller;
using xpoll::unique_fd;
using xpoll::watch_id;
using xpoll::watch_set;

unique_fd make_eventfd(unsigned count) {
  return unique_fd(eventfd(count, EFD_NONBLOCK | EFD_CLOEXEC));
}

class NeedsModule : public testing::Test {
 protected:
  void SetUp() override {
    if (!has_module()) GTEST_SKIP() << "there is no module";
  }
};

class PollerFlags : public NeedsModule {
 protected:
  static std::vector<epoll_event> ready(poller& from) {
    std::array<epoll_event, 4> room;
    const auto result = from.wait(room, 0ms);
    return {result.begin(), result.end()};
  }
};

TEST_F(PollerFlags, CookieNamesAWatch) {
  auto instance = poller::create();
  unique_fd file = make_eventfd(1);
  const unique_fd dup(::dup(file.get()));
  const cookie which = instance.add(file.get(), events::in, {.u64 = 1}, change_flags::none);
  file.reset();
  EXPECT_TRUE(instance.modify(which, events::in, {.u64 = 2}));
  ASSERT_EQ(ready(instance).size(), 1U);
  EXPECT_EQ(std::uint64_t{ready(instance)[0].data.u64}, 2U);
  EXPECT_TRUE(instance.remove(which));
  EXPECT_FALSE(instance.remove(which));
  EXPECT_FALSE(instance.modify(which, events::in, {.u64 = 3}));
  EXPECT_TRUE(ready(instance).empty());
}

TEST_F(PollerFlags, WatchEndsWithItsDescriptorAndSaysSo) {
  auto instance = poller::create();
  unique_fd file = make_eventfd(1);
  const unique_fd dup(::dup(file.get()));
  instance.add(file.get(), events::in, {.u64 = 1}, change_flags::close | change_flags::removed);
  file.reset();
  const auto events = ready(instance);
  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ(events[0].events, static_cast<std::uint32_t>(XPOLL_EVENT_REMOVED));
  EXPECT_EQ(std::uint64_t{events[0].data.u64}, 1U);
}

TEST_F(PollerFlags, OnlyWhatIsAskedFor) {
  auto instance = poller::create();
  std::array<int, 2> ends{};
  ASSERT_EQ(pipe(ends.data()), 0);
  const unique_fd reader(ends[0]);
  unique_fd writer(ends[1]);
  const cookie which = instance.add(reader.get(), events::in, {.u64 = 1}, change_flags::only);
  writer.reset();
  EXPECT_TRUE(ready(instance).empty());
  EXPECT_TRUE(instance.modify(which, events::in, {.u64 = 1}));
  EXPECT_EQ(ready(instance).size(), 1U);
}

TEST_F(PollerFlags, NativeInstanceRefusesThem) {
  auto instance = poller::native();
  const unique_fd file = make_eventfd(1);
  EXPECT_EQ(errno_of([&] { instance.add(file.get(), events::in, {}, change_flags::close); }),
            EINVAL);
  EXPECT_EQ(errno_of([&] { instance.modify(cookie{0}, events::in, {}); }), EINVAL);
  EXPECT_EQ(errno_of([&] { instance.remove(cookie{0}); }), EINVAL);
}

// An object that others destroy at the worst moment: its plain members race with its destructor
// unless the set keeps them apart, which ThreadSanitizer, or memory that is poisoned, shows.
class Probe final : public xpoll::watch {
 public:
  Probe(unique_fd file, std::atomic<int>& destroyed,
        std::function<void(Probe&, const xpoll_event&)> react)
      : destroyed_(destroyed), react_(std::move(react)), file_(std::move(file)) {}
  ~Probe() override {
    alive_ = false;
    ++destroyed_;
  }

  int fd() const { return file_.get(); }
  void close() { file_.reset(); }
  void ready(const struct xpoll_event& event) noexcept override {
    EXPECT_TRUE(alive_);
    react_(*this, event);
    EXPECT_TRUE(alive_);
  }

 private:
  bool alive_ = true;
  std::atomic<int>& destroyed_;
  const std::function<void(Probe&, const xpoll_event&)> react_;
  unique_fd file_;
};

class WatchSet : public NeedsModule {
 protected:
  void SetUp() override {
    NeedsModule::SetUp();
    if (!IsSkipped()) set_ = std::make_unique<watch_set>(watch_set::create());
  }

  watch_id add(std::function<void(Probe&, const xpoll_event&)> react,
               events interest = events::in) {
    auto probe = std::make_unique<Probe>(make_eventfd(1), destroyed_, std::move(react));
    const int fd = probe->fd();
    return set_->add(fd, interest, std::move(probe));
  }

  std::atomic<int> destroyed_ = 0;
  std::unique_ptr<watch_set> set_;
};

TEST_F(WatchSet, ObjectGoesAfterItsWatchHasEnded) {
  int calls = 0;
  const watch_id id = add([&](Probe&, const xpoll_event&) { ++calls; });
  watch_set::worker worker(*set_);
  EXPECT_EQ(worker.run(0ms), 1U);
  EXPECT_EQ(calls, 1);
  EXPECT_TRUE(set_->remove(id));
  EXPECT_FALSE(set_->remove(id));
  EXPECT_EQ(destroyed_, 0);
  EXPECT_EQ(worker.run(0ms), 1U);
  EXPECT_EQ(destroyed_, 1);
  EXPECT_EQ(set_->size(), 0U);
  EXPECT_FALSE(set_->modify(id, events::in));
  EXPECT_EQ(worker.run(0ms), 0U);
}

TEST_F(WatchSet, ClosesItsDescriptorInReady) {
  add([](Probe& probe, const xpoll_event&) { probe.close(); });
  watch_set::worker worker(*set_);
  EXPECT_EQ(worker.run(), 1U);
  EXPECT_EQ(worker.run(), 1U);
  EXPECT_EQ(destroyed_, 1);
}

TEST_F(WatchSet, MovesUnderAWorker) {
  int calls = 0;
  watch_set::worker worker(*set_);
  set_ = std::make_unique<watch_set>(std::move(*set_));
  const watch_id id = add([&](Probe&, const xpoll_event&) { ++calls; });
  EXPECT_EQ(worker.run(0ms), 1U);
  EXPECT_EQ(calls, 1);
  EXPECT_TRUE(set_->remove(id));
  EXPECT_EQ(worker.run(0ms), 1U);
  EXPECT_EQ(destroyed_, 1);
}

// Its events, which it has not handled yet, would be overwritten.
TEST_F(WatchSet, RefusesToRunAWorkerThatRuns) {
  watch_set::worker worker(*set_);
  int refused = 0;
  for (int i = 0; i < 2; ++i)
    add([&](Probe& probe, const xpoll_event&) {
      probe.close();
      if (errno_of([&] { worker.run(0ms); }) == EDEADLK) ++refused;
    });
  while (set_->size() > 0) worker.run(0ms);
  EXPECT_EQ(refused, 2);
  EXPECT_EQ(destroyed_, 2);
}

TEST_F(WatchSet, WaitsForAnotherWorkersBatch) {
  std::atomic<bool> inside = false;
  std::atomic<bool> leave = false;
  const watch_id id = add(
      [&](Probe&, const xpoll_event&) {
        inside = true;
        inside.notify_one();
        leave.wait(false);
      },
      events::in | events::oneshot);
  std::thread other([&] {
    watch_set::worker worker(*set_);
    EXPECT_EQ(worker.run(), 1U);
  });
  inside.wait(false);
  watch_set::worker worker(*set_);
  EXPECT_TRUE(set_->remove(id));
  EXPECT_EQ(worker.run(), 1U);
  EXPECT_EQ(destroyed_, 0);
  leave = true;
  leave.notify_one();
  other.join();
  EXPECT_EQ(destroyed_, 1);
}

// Two workers have each handled an event. One of them handles the end of the watch, and the other
// sleeps on.
TEST_F(WatchSet, SleepingWorkersDelayNothing) {
  std::atomic<bool> stop = false;
  std::barrier handled(3);
  const auto meet = [&](Probe&, const xpoll_event&) {
    if (!stop) handled.arrive_and_wait();
  };
  const watch_id id = add(meet, events::in | events::edge);
  auto bell = std::make_unique<Probe>(make_eventfd(1), destroyed_, meet);
  const int bell_fd = bell->fd();
  set_->add(bell_fd, events::in | events::edge, std::move(bell));

  std::atomic<int> left = 0;
  const auto serve = [&] {
    watch_set::worker worker(*set_, 1);
    while (!stop) worker.run();
    ++left;
  };
  std::thread one(serve);
  std::thread other(serve);
  handled.arrive_and_wait();
  EXPECT_TRUE(set_->remove(id));
  const auto deadline = std::chrono::steady_clock::now() + 30s;
  while (destroyed_ == 0 && std::chrono::steady_clock::now() < deadline) std::this_thread::yield();
  EXPECT_EQ(destroyed_, 1);

  stop = true;
  for (; left < 2; std::this_thread::yield()) eventfd_write(bell_fd, 1);
  one.join();
  other.join();
}

TEST_F(WatchSet, AdditionThatFailsDestroysTheObject) {
  auto probe = std::make_unique<Probe>(unique_fd(), destroyed_, [](Probe&, const xpoll_event&) {});
  EXPECT_EQ(errno_of([&] { set_->add(-1, events::in, std::move(probe)); }), EBADF);
  EXPECT_EQ(destroyed_, 1);
  EXPECT_EQ(set_->size(), 0U);
}

TEST_F(WatchSet, AdditionOfNoObjectWatchesNothing) {
  const unique_fd file = make_eventfd(1);
  EXPECT_EQ(errno_of([&] { set_->add(file.get(), events::in, nullptr); }), EINVAL);
  EXPECT_EQ(set_->size(), 0U);
  watch_set::worker worker(*set_);
  EXPECT_EQ(worker.run(0ms), 0U);
}

// The kernel takes 0 for a call that does not wait.
TEST_F(WatchSet, RefusesAWorkerWithoutRoom) {
  EXPECT_EQ(errno_of([&] { const watch_set::worker worker(*set_, 0); }), EINVAL);
}

TEST_F(WatchSet, RefusesAWorkerWithMoreRoomThanTheKernelTakes) {
  constexpr std::size_t kMost = INT_MAX / sizeof(xpoll_event);
  EXPECT_EQ(errno_of([&] { const watch_set::worker worker(*set_, kMost + 1); }), EINVAL);
}

TEST_F(WatchSet, EndDestroysTheRest) {
  add([](Probe&, const xpoll_event&) {});
  const watch_id id = add([](Probe&, const xpoll_event&) {});
  set_->remove(id);
  set_.reset();
  EXPECT_EQ(destroyed_, 2);
}

// Level-triggered watches, so that several workers have events of one object, while one of them
// ends the watch in one of three ways.
TEST_F(WatchSet, ManyThreads) {
  constexpr int kWatches = 2'000;
  constexpr int kAtOnce = 16;
  std::atomic<int> added = 0;
  const auto react = [&](Probe&, const xpoll_event& event) { set_->remove(watch_id(event)); };
  const auto serve = [&] {
    watch_set::worker worker(*set_, 8);
    while (destroyed_ < kWatches) {
      while (added < destroyed_ + kAtOnce && added.fetch_add(1) < kWatches) add(react);
      worker.run(1ms);
    }
  };
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) threads.emplace_back(serve);
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(destroyed_, kWatches);
  EXPECT_EQ(set_->size(), 0U);
}

}  // namespace
