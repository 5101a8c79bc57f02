// SPDX-License-Identifier: MIT
// The C calls on descriptors that are not xpoll's: they do what the native call does.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <unistd.h>
#include <xpoll/ring.h>
#include <xpoll/wake.h>
#include <xpoll/xpoll.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstdint>
#include <ctime>
#include <functional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace {

struct answer {
  int value;
  int error;
  bool operator==(const answer&) const = default;
};

answer ask(const std::function<int()>& call) {
  errno = 0;
  const int value = call();
  return {value, value < 0 ? errno : 0};
}

class Fallback : public testing::Test {
 public:
  ~Fallback() override {
    for (const int fd : {native_, counter_, path_}) close(fd);
  }

 protected:
  const int native_ = epoll_create1(EPOLL_CLOEXEC);
  const int counter_ = eventfd(1, EFD_CLOEXEC | EFD_NONBLOCK);
  const int path_ = open("/", O_PATH | O_CLOEXEC);
  const std::vector<int> instances_{native_, counter_, path_, -1};
  std::array<epoll_event, 2> room_{};
};

TEST_F(Fallback, CtlAnswersAsTheNativeCall) {
  epoll_event event{.events = EPOLLIN, .data = {.fd = counter_}};
  for (const int epfd : instances_)
    for (const int op : {0, EPOLL_CTL_MOD, EPOLL_CTL_DEL, 99})
      for (const int fd : {counter_, native_, path_, -1})
        EXPECT_EQ(ask([&] { return xpoll_ctl(epfd, op, fd, &event); }),
                  ask([&] { return epoll_ctl(epfd, op, fd, &event); }))
            << "epfd " << epfd << " op " << op << " fd " << fd;
}

TEST_F(Fallback, CtlReportsABadEventBeforeABadDescriptor) {
  EXPECT_EQ(ask([] { return xpoll_ctl(-1, EPOLL_CTL_ADD, -1, nullptr); }), (answer{-1, EFAULT}));
}

TEST_F(Fallback, WaitsAnswerAsTheNativeCalls) {
  const timespec now{};
  for (const int epfd : instances_)
    for (const int maxevents : {-1, 0, 2}) {
      SCOPED_TRACE("epfd " + std::to_string(epfd) + " maxevents " + std::to_string(maxevents));
      epoll_event* room = room_.data();
      const answer native = ask([&] { return epoll_wait(epfd, room, maxevents, 0); });
      EXPECT_EQ(ask([&] { return xpoll_wait(epfd, room, maxevents, 0); }), native);
      EXPECT_EQ(ask([&] { return xpoll_pwait(epfd, room, maxevents, 0, nullptr); }), native);
      EXPECT_EQ(ask([&] { return xpoll_pwait2(epfd, room, maxevents, &now, nullptr); }), native);
      EXPECT_EQ(ask([&] { return xpoll_pwait_ns(epfd, room, maxevents, 0, 0, nullptr); }), native);
    }
}

TEST_F(Fallback, DeliversFromANativeInstance) {
  epoll_event event{.events = EPOLLIN, .data = {.u64 = 42}};
  ASSERT_EQ(xpoll_ctl(native_, EPOLL_CTL_ADD, counter_, &event), 0);
  ASSERT_EQ(xpoll_wait(native_, room_.data(), 2, -1), 1);
  EXPECT_EQ(std::uint64_t{room_[0].data.u64}, 42U);
  EXPECT_EQ(xpoll_pwait2(native_, room_.data(), 2, nullptr, nullptr), 1);
  EXPECT_EQ(xpoll_pwait_ns(native_, room_.data(), 2, -1, XPOLL_WAIT_ABSTIME, nullptr), 1);
}

TEST_F(Fallback, PwaitNsKeepsADeadline) {
  timespec start{};
  clock_gettime(CLOCK_MONOTONIC, &start);
  const std::int64_t deadline = start.tv_sec * INT64_C(1'000'000'000) + start.tv_nsec + 2'500'000;
  EXPECT_EQ(xpoll_pwait_ns(native_, room_.data(), 2, deadline, XPOLL_WAIT_ABSTIME, nullptr), 0);
  timespec end{};
  clock_gettime(CLOCK_MONOTONIC, &end);
  EXPECT_GE(end.tv_sec * INT64_C(1'000'000'000) + end.tv_nsec, deadline);
}

TEST_F(Fallback, PwaitNsRefusesUnknownFlags) {
  for (const int epfd : instances_)
    EXPECT_EQ(ask([&] { return xpoll_pwait_ns(epfd, room_.data(), 2, 0, 2, nullptr); }),
              (answer{-1, EINVAL}));
}

TEST_F(Fallback, Pwait2RefusesAnInvalidTimeoutBeforeAnythingElse) {
  for (const timespec& bad : {timespec{-1, 0}, timespec{0, -1}, timespec{0, 1'000'000'000}})
    for (const int epfd : instances_) {
      EXPECT_EQ(ask([&] { return xpoll_pwait2(epfd, nullptr, 0, &bad, nullptr); }),
                (answer{-1, EINVAL}));
      EXPECT_EQ(ask([&] { return epoll_pwait2(epfd, nullptr, 0, &bad, nullptr); }),
                (answer{-1, EINVAL}));
    }
}

TEST(Create, RefusesUnknownFlagsWithoutADevice) {
  EXPECT_EQ(ask([] { return xpoll_create1(2); }), (answer{-1, EINVAL}));
  EXPECT_EQ(ask([] { return xpoll_create1(EPOLL_CLOEXEC | 2); }), (answer{-1, EINVAL}));
}

// Regular files, which can be mapped.
class FallbackMap : public testing::Test {
 public:
  ~FallbackMap() override { close(file_); }

 protected:
  int map_ring() const {
    struct xpoll_ring ring {};
    return xpoll_ring_map(file_, &ring);
  }

  const int file_ = memfd_create("no instance", MFD_CLOEXEC);
};

TEST_F(Fallback, HasNoRingToWaitFor) {
  for (const int epfd : {native_, counter_})
    EXPECT_EQ(ask([&] { return xpoll_ring_wait(epfd, 1, 0); }), (answer{-1, EINVAL}));
  for (const int epfd : {path_, -1})
    EXPECT_EQ(ask([&] { return xpoll_ring_wait(epfd, 1, 0); }), (answer{-1, EBADF}));
}

// An access beyond the end of a file raises SIGBUS.
TEST_F(FallbackMap, FindsNoRingInAShortFile) {
  ASSERT_EQ(ftruncate(file_, 4096), 0);
  EXPECT_EQ(ask([&] { return map_ring(); }), (answer{-1, EINVAL}));
}

TEST_F(FallbackMap, FindsNoRingInAFileThatLooksLikeOne) {
  struct xpoll_ring_header header {};
  header.slots = XPOLL_RING_SLOTS_MIN;
  header.slots_offset = 1024;
  header.index_offset = 2048;
  header.size = 4096;
  ASSERT_EQ(ftruncate(file_, XPOLL_RING_OFFSET + 4096), 0);
  ASSERT_EQ(pwrite(file_, &header, sizeof(header), XPOLL_RING_OFFSET), ssize_t{sizeof(header)});
  EXPECT_EQ(ask([&] { return map_ring(); }), (answer{-1, EINVAL}));
}

TEST_F(FallbackMap, FindsNoWorkersInAFile) {
  ASSERT_EQ(ftruncate(file_, 4096), 0);
  EXPECT_EQ(ask([&] { return xpoll_workers_map(file_) ? 0 : -1; }), (answer{-1, ENODEV}));
}

// xpoll_enter() has no native namesake: the changes and the wait are calls of their own there.
class FallbackEnter : public Fallback {
 protected:
  int enter(std::vector<xpoll_change> changes, unsigned flags = 0) {
    changes_ = std::move(changes);
    enter_ = {};
    enter_.changes = reinterpret_cast<std::uintptr_t>(changes_.data());
    enter_.nchanges = static_cast<std::uint32_t>(changes_.size());
    enter_.events = reinterpret_cast<std::uintptr_t>(room_.data());
    enter_.maxevents = static_cast<int>(room_.size());
    enter_.flags = flags;
    return xpoll_enter(native_, &enter_);
  }
  xpoll_change change(int op, int fd, std::uint32_t events) const {
    xpoll_change result{};
    result.op = static_cast<std::uint16_t>(op);
    result.fd = fd;
    result.events = events;
    result.data = 7;
    return result;
  }
  std::vector<int> results() const {
    std::vector<int> results;
    for (const xpoll_change& change : changes_) results.push_back(change.result);
    return results;
  }

  std::vector<xpoll_change> changes_;
  struct xpoll_enter enter_ {};
};

TEST_F(FallbackEnter, MakesChangesAndWaits) {
  EXPECT_EQ(enter({change(EPOLL_CTL_ADD, counter_, EPOLLOUT),
                   change(EPOLL_CTL_MOD, counter_, EPOLLIN), change(EPOLL_CTL_DEL, path_, 0)}),
            1);
  EXPECT_EQ(results(), (std::vector<int>{0, 0, -EBADF}));
  EXPECT_EQ(enter_.done, 3U);
  EXPECT_EQ(enter_.failed, 1U);
  EXPECT_EQ(std::uint32_t{room_[0].events}, static_cast<std::uint32_t>(EPOLLIN));
  EXPECT_EQ(std::uint64_t{room_[0].data.u64}, 7U);
}

TEST_F(FallbackEnter, AddsOrChangesByUpsert) {
  EXPECT_EQ(enter({change(XPOLL_CTL_UPSERT, counter_, EPOLLIN)}), 1);
  EXPECT_EQ(enter({change(XPOLL_CTL_UPSERT, counter_, EPOLLPRI)}), 0);
  EXPECT_EQ(enter({change(XPOLL_CTL_UPSERT, -1, EPOLLIN),
                   change(XPOLL_CTL_UPSERT, counter_, EPOLLIN | EPOLLEXCLUSIVE)}),
            0);
  EXPECT_EQ(results(), (std::vector<int>{-EBADF, -EINVAL}));
}

TEST_F(FallbackEnter, UpsertSucceedsBesideAThreadThatAddsAndRemoves) {
  std::atomic<bool> stop = false;
  std::thread other([&] {
    epoll_event event{.events = EPOLLIN, .data = {}};
    while (!stop) {
      epoll_ctl(native_, EPOLL_CTL_ADD, counter_, &event);
      epoll_ctl(native_, EPOLL_CTL_DEL, counter_, nullptr);
    }
  });
  for (int i = 0; i < 30'000 && !HasFailure(); ++i) {
    enter({change(XPOLL_CTL_UPSERT, counter_, EPOLLPRI)});
    EXPECT_EQ(results(), std::vector<int>{0});
  }
  stop = true;
  other.join();
}

TEST_F(FallbackEnter, StopsAtTheFirstFailureAndDoesNotSleepThen) {
  enter({change(EPOLL_CTL_DEL, counter_, 0), change(EPOLL_CTL_ADD, counter_, EPOLLIN)},
        XPOLL_ENTER_STOP);
  EXPECT_EQ(enter_.done, 1U);
  EXPECT_EQ(enter_.failed, 1U);
  enter_.timeout_ns = -1;
  EXPECT_EQ(xpoll_enter(native_, &enter_), 0);
}

TEST_F(FallbackEnter, LeavesErrnoAloneIfItSucceeds) {
  errno = ENOSPC;
  EXPECT_EQ(enter({change(EPOLL_CTL_DEL, counter_, 0)}), 0);
  EXPECT_EQ(errno, ENOSPC);
}

TEST_F(FallbackEnter, RefusesWhatAnInstanceRefuses) {
  const auto refused = [&](auto spoil) {
    enter_ = {};
    enter_.events = reinterpret_cast<std::uintptr_t>(room_.data());
    enter_.maxevents = 1;
    spoil();
    return ask([&] { return xpoll_enter(native_, &enter_); }) == answer{-1, EINVAL};
  };
  for (const unsigned flag :
       {XPOLL_ENTER_RING, XPOLL_ENTER_RESTART, XPOLL_ENTER_EXTENDED, 1U << 31})
    EXPECT_TRUE(refused([&] { enter_.flags = flag; })) << flag;
  EXPECT_TRUE(refused([&] { enter_.batch = 1; }));
  EXPECT_TRUE(refused([&] { enter_.reserved[1] = 1; }));
  EXPECT_TRUE(refused([&] { enter_.worker = XPOLL_WORKERS_MAX + 1; }));
  EXPECT_TRUE(refused([&] { enter_.maxevents = -1; }));
  EXPECT_TRUE(refused([&] { enter_.minevents = 2; }));
  EXPECT_TRUE(refused([&] { enter_.nchanges = XPOLL_CHANGES_MAX + 1; }));
  EXPECT_FALSE(refused([] {}));
}

TEST_F(FallbackEnter, SaysOfADescriptorThatIsNotOpenThatItIsNot) {
  EXPECT_EQ(ask([&] { return xpoll_enter(-1, &enter_); }), (answer{-1, EBADF}));
}

}  // namespace
