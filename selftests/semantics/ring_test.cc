// SPDX-License-Identifier: GPL-2.0-only
// What comes into a ready ring, and when.
#include "util/ring.h"

#include <linux/netlink.h>
#include <poll.h>
#include <sys/inotify.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <utility>
#include <vector>

#include "tools/util/descriptors.h"
#include "tools/util/eventfd.h"
#include "tools/util/sockets.h"
#include "tools/util/wait_until.h"
#include "util/each_backend.h"
#include "util/guarded_memory.h"
#include "util/matchers.h"
#include "util/process.h"
#include "util/requires.h"
#include "util/sleep_watch.h"
#include "util/stats.h"
#include "util/thread.h"
#include "util/waiter.h"
#include "util/wake_instances.h"
#include "util/wakeup_sources.h"
#include "util/watched.h"

namespace xpoll::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::uint32_t kEdge = EPOLLIN | EPOLLET;
constexpr std::uint32_t kOnce = EPOLLIN | EPOLLONESHOT;

class RingTest : public XpollOnly {
 protected:
  void SetUp() override {
    XpollOnly::SetUp();
    if (!HasFatalFailure() && !IsSkipped()) ring_.emplace(16U);
  }

  void expect_event(const unique_fd& fd, std::uint32_t bits) {
    EXPECT_THAT(ring_->take(), ElementsAre(RingEvent(fd.get(), bits)));
  }

  std::optional<RingInstance> ring_;
  const unique_fd fd_ = make_eventfd();
};

TEST_F(RingTest, EventComesWithoutACall) {
  ASSERT_THAT(ring_->add(fd_, kEdge), SyscallSucceeds());
  EXPECT_THAT(ring_->take(), IsEmpty());
  for (int round = 0; round < 40; ++round) {
    post(fd_);
    expect_event(fd_, EPOLLIN);
    EXPECT_THAT(ring_->take(), IsEmpty());
  }
  EXPECT_FALSE(ring_->must_enter());
}

TEST_F(RingTest, SocketsOfTheInternetTellByThemselves) {
  const TcpPair tcp = tcp_pair();
  const auto udp = udp_pair();
  for (const auto& pair :
       {std::pair{&tcp.client, &tcp.server}, std::pair{&udp.first, &udp.second}}) {
    const unique_fd& to = *pair.second;
    const RingInstance ring;
    ASSERT_THAT(ring.add(to, kEdge), SyscallSucceeds());
    ASSERT_THAT(send(pair.first->get(), "x", 1, 0), SyscallSucceedsWithValue(1));
    wait_until_readable(to);
    EXPECT_FALSE(ring.must_enter());
    EXPECT_THAT(ring.take(), ElementsAre(RingEvent(to.get(), EPOLLIN)));
  }
}

TEST_F(RingTest, SocketsOfIpv6TellByThemselves) {
  const unique_fd fd(socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  sockaddr_in6 address{};
  address.sin6_family = AF_INET6;
  address.sin6_addr = in6addr_loopback;
  socklen_t size = sizeof(address);
  auto* const any = reinterpret_cast<sockaddr*>(&address);
  XPOLL_REQUIRE(fd.valid() && bind(fd.get(), any, size) == 0, "IPv6");
  checked(getsockname(fd.get(), any, &size), "getsockname");
  ASSERT_THAT(ring_->add(fd, kEdge), SyscallSucceeds());
  ASSERT_THAT(sendto(fd.get(), "x", 1, 0, any, size), SyscallSucceedsWithValue(1));
  wait_until_readable(fd);
  EXPECT_FALSE(ring_->must_enter());
  expect_event(fd, EPOLLIN);
}

TEST_F(RingTest, WhatIsReadyWhenItIsAddedComesAtOnce) {
  post(fd_);
  const int slot = ring_->add(fd_, kEdge);
  const auto events = ring_->take();
  ASSERT_THAT(events, ElementsAre(RingEvent(fd_.get(), EPOLLIN)));
  EXPECT_EQ(events[0].slot, static_cast<std::uint32_t>(slot));
}

TEST_F(RingTest, WatchIsInTheRingOnceAndItsBitsAddUp) {
  const auto [one, other] = unix_pair();
  ASSERT_THAT(ring_->add(one, EPOLLIN | EPOLLOUT | EPOLLET), SyscallSucceeds());
  EXPECT_EQ(ring_->header().tail, 1U);
  write_all(other, "x");
  write_all(other, "x");
  EXPECT_EQ(ring_->header().tail, 1U);
  expect_event(one, EPOLLIN | EPOLLOUT);
  write_all(other, "x");
  expect_event(one, EPOLLIN);
}

TEST_F(RingTest, EventsOfSeveralWatchesComeInTheirOrder) {
  std::vector<unique_fd> fds;
  for (int i = 0; i < 15; ++i) fds.push_back(make_eventfd());
  for (const unique_fd& fd : fds) ASSERT_THAT(ring_->add(fd, kEdge), SyscallSucceeds());
  for (int i = 14; i >= 0; --i) post(fds[i]);
  const auto events = ring_->take();
  ASSERT_EQ(events.size(), 15U);
  for (int i = 0; i < 15; ++i) EXPECT_THAT(events[i], RingEvent(fds[14 - i].get(), EPOLLIN));
}

TEST_F(RingTest, UnwantedEventsDoNotCome) {
  const Pipe pipe = make_pipe();
  ASSERT_THAT(ring_->add(pipe.reader, EPOLLPRI | EPOLLET), SyscallSucceeds());
  write_all(pipe.writer, "x");
  EXPECT_THAT(ring_->take(), IsEmpty());
  EXPECT_THAT(ring_->enter(), SyscallSucceedsWithValue(0));
}

TEST_F(RingTest, WalkTakesInPlace) {
  std::vector<unique_fd> fds;
  for (int i = 0; i < 3; ++i) fds.push_back(make_eventfd(1));
  for (const unique_fd& fd : fds) ASSERT_THAT(ring_->add(fd, kEdge), SyscallSucceeds());
  struct xpoll_ring_walk walk = xpoll_ring_begin(ring_->ring());
  struct xpoll_ring_event event {};
  for (const unique_fd& fd : fds) {
    ASSERT_TRUE(xpoll_ring_next(&walk, &event));
    EXPECT_THAT(event, RingEvent(fd.get(), EPOLLIN));
  }
  EXPECT_FALSE(xpoll_ring_next(&walk, &event));
  EXPECT_EQ(ring_->header().head, 0U);
  xpoll_ring_end(&walk);
  EXPECT_EQ(ring_->header().head, 3U);
  EXPECT_THAT(ring_->take(), IsEmpty());
}

// What the walk has passed comes again during the walk, so that more entries than slots are new.
TEST_F(RingTest, EventsThatComeDuringAWalkAreInTheRing) {
  const RingInstance tiny(4);
  std::vector<unique_fd> fds;
  for (int i = 0; i < 3; ++i) {
    fds.push_back(make_eventfd(1));
    ASSERT_THAT(tiny.add(fds.back(), kEdge), SyscallSucceeds());
  }
  struct xpoll_ring_walk walk = xpoll_ring_begin(tiny.ring());
  struct xpoll_ring_event event {};
  for (const unique_fd& fd : fds) {
    ASSERT_TRUE(xpoll_ring_next(&walk, &event));
    EXPECT_EQ(event.data, static_cast<std::uint64_t>(fd.get()));
    post(fd);
  }
  EXPECT_FALSE(xpoll_ring_next(&walk, &event));
  struct pollfd poller {
    tiny.get(), POLLIN, 0
  };
  EXPECT_EQ(poll(&poller, 1, 0), 1);
  ASSERT_THAT(backend_.del(tiny.get(), fds[0].get()), SyscallSucceeds());
  EXPECT_THAT(tiny.add(fd_, kEdge), SyscallFailsWithErrno(ENOSPC)) << "its entry is not taken";
  xpoll_ring_end(&walk);
  EXPECT_THAT(tiny.take(),
              ElementsAre(RingEvent(fds[1].get(), EPOLLIN), RingEvent(fds[2].get(), EPOLLIN)));
  EXPECT_THAT(tiny.add(fd_, kEdge), SyscallSucceeds());
}

TEST_F(RingTest, ModReplacesDataAndTellsWhatIsReady) {
  const int slot = ring_->add(fd_, kEdge);
  post(fd_);
  expect_event(fd_, EPOLLIN);
  ASSERT_THAT(ring_->change(EPOLL_CTL_MOD, fd_.get(), kEdge, 7), SyscallSucceeds());
  EXPECT_THAT(ring_->take(), ElementsAre(RingEvent(7, EPOLLIN)));
  ASSERT_THAT(ring_->mod_slot(slot, kEdge, 8), SyscallSucceeds());
  EXPECT_THAT(ring_->take(), ElementsAre(RingEvent(8, EPOLLIN)));
}

// Otherwise a consumer would get, with the new data, what the new events leave out.
TEST_F(RingTest, ModTakesBackWhatItDoesNotWaitFor) {
  const auto pair = unix_pair();
  const unique_fd& one = pair.first;
  const unique_fd& other = pair.second;
  for (const std::uint32_t kind : {EPOLLET + 0U, EPOLLONESHOT + 0U, 0U}) {
    for (const bool by_slot : {false, true}) {
      const auto modify = [&](int slot, std::uint32_t events, std::uint64_t data) {
        return by_slot ? ring_->mod_slot(slot, events | kind, data)
                       : ring_->change(EPOLL_CTL_MOD, one.get(), events | kind, data);
      };
      SCOPED_TRACE(testing::Message() << kind << (by_slot ? " by slot" : ""));
      const int slot = ring_->add(one, EPOLLIN | kind);
      ASSERT_THAT(slot, SyscallSucceeds());
      write_all(other, "x");
      ASSERT_THAT(modify(slot, EPOLLRDHUP, 1), SyscallSucceeds());
      EXPECT_THAT(ring_->take(), IsEmpty());
      EXPECT_THAT(ring_->enter(), SyscallSucceedsWithValue(0));

      ASSERT_THAT(modify(slot, EPOLLIN | EPOLLOUT, 2), SyscallSucceeds());
      ASSERT_THAT(modify(slot, EPOLLOUT, 3), SyscallSucceeds());
      EXPECT_THAT(ring_->take(), ElementsAre(RingEvent(3, EPOLLOUT)));
      ASSERT_THAT(modify(slot, EPOLLIN, 4), SyscallSucceeds());
      EXPECT_THAT(ring_->take(), ElementsAre(RingEvent(4, EPOLLIN)));

      ASSERT_THAT(ring_->del_slot(slot), SyscallSucceeds());
      char byte = 0;
      ASSERT_THAT(read(one.get(), &byte, 1), SyscallSucceedsWithValue(1));
    }
  }
}

TEST_F(RingTest, OneshotIsDisarmedByItsEventAndArmedByMod) {
  const int slot = ring_->add(fd_, kOnce);
  post(fd_);
  expect_event(fd_, EPOLLIN);
  post(fd_);
  EXPECT_THAT(ring_->enter(), SyscallSucceedsWithValue(0));
  ASSERT_THAT(ring_->mod_slot(slot, kOnce, 1), SyscallSucceeds());
  EXPECT_THAT(ring_->take(), ElementsAre(RingEvent(1, EPOLLIN)));
  take(fd_);
  ASSERT_THAT(ring_->mod_slot(slot, kOnce, 2), SyscallSucceeds());
  EXPECT_THAT(ring_->take(), IsEmpty());
  post(fd_);
  EXPECT_THAT(ring_->take(), ElementsAre(RingEvent(2, EPOLLIN)));
  EXPECT_FALSE(ring_->must_enter());
}

TEST_F(RingTest, LevelIsAskedAgainOnceItWasTaken) {
  ASSERT_THAT(ring_->add(fd_, EPOLLIN), SyscallSucceeds());
  post(fd_);
  EXPECT_TRUE(ring_->must_enter());
  for (int round = 0; round < 5; ++round) {
    EXPECT_THAT(ring_->enter(), SyscallSucceedsWithValue(1));
    EXPECT_THAT(ring_->enter(), SyscallSucceedsWithValue(1));
    expect_event(fd_, EPOLLIN);
    EXPECT_THAT(ring_->take(), IsEmpty());
    EXPECT_TRUE(ring_->must_enter());
  }
  take(fd_);
  EXPECT_THAT(ring_->enter(), SyscallSucceedsWithValue(0));
  EXPECT_FALSE(ring_->must_enter());
  post(fd_);
  expect_event(fd_, EPOLLIN);
}

TEST_F(RingTest, LevelThatBecomesEdgeIsAskedNoMore) {
  ASSERT_THAT(ring_->add(fd_, EPOLLIN), SyscallSucceeds());
  post(fd_);
  expect_event(fd_, EPOLLIN);
  ASSERT_THAT(backend_.mod(ring_->get(), fd_.get(), kEdge), SyscallSucceeds());
  expect_event(fd_, EPOLLIN);
  EXPECT_THAT(ring_->enter(), SyscallSucceedsWithValue(0));
  EXPECT_FALSE(ring_->must_enter());
}

TEST_F(RingTest, ManyLevelWatchesAreAskedInOneCall) {
  const RingInstance large(128);
  std::vector<unique_fd> fds;
  for (int i = 0; i < 100; ++i) fds.push_back(make_eventfd(1));
  for (const unique_fd& fd : fds) ASSERT_THAT(large.add(fd, EPOLLIN), SyscallSucceeds());
  for (int round = 0; round < 3; ++round) {
    EXPECT_EQ(large.take().size(), fds.size());
    EXPECT_THAT(large.enter(), SyscallSucceedsWithValue(100));
  }
}

TEST_F(RingTest, EndOfAConnectionIsAsked) {
  auto [one, other] = unix_pair();
  ASSERT_THAT(ring_->add(one, kEdge | EPOLLRDHUP), SyscallSucceeds());
  other.reset();
  EXPECT_THAT(ring_->take(), IsEmpty());
  EXPECT_TRUE(ring_->must_enter());
  EXPECT_THAT(ring_->enter(), SyscallSucceedsWithValue(1));
  expect_event(one, EPOLLIN | EPOLLRDHUP | EPOLLHUP);
  EXPECT_FALSE(ring_->must_enter());
  EXPECT_THAT(ring_->enter(), SyscallSucceedsWithValue(0));
}

TEST_F(RingTest, EndOfAPipeIsAsked) {
  Pipe pipe = make_pipe();
  ASSERT_THAT(ring_->add(pipe.reader, kEdge), SyscallSucceeds());
  pipe.writer.reset();
  EXPECT_TRUE(ring_->must_enter());
  EXPECT_THAT(ring_->enter(), SyscallSucceedsWithValue(1));
  expect_event(pipe.reader, EPOLLHUP);
}

TEST_F(RingTest, OtherFilesAreAsked) {
  const Pty pty = make_pty();
  ASSERT_THAT(ring_->add(pty.slave, kEdge), SyscallSucceeds());
  write_all(pty.master, "x");
  EXPECT_THAT(ring_->enter(0, -1), SyscallSucceedsWithValue(1));
  expect_event(pty.slave, EPOLLIN);
}

TEST_F(RingTest, SocketsOfOtherProtocolsAreAsked) {
  const unique_fd fd = checked_fd(
      socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_USERSOCK), "socket");
  struct sockaddr_nl address {};
  address.nl_family = AF_NETLINK;
  socklen_t size = sizeof(address);
  ASSERT_THAT(bind(fd.get(), reinterpret_cast<struct sockaddr*>(&address), size),
              SyscallSucceeds());
  ASSERT_THAT(getsockname(fd.get(), reinterpret_cast<struct sockaddr*>(&address), &size),
              SyscallSucceeds());
  ASSERT_THAT(ring_->add(fd, kEdge), SyscallSucceeds());
  ASSERT_THAT(sendto(fd.get(), "x", 1, 0, reinterpret_cast<struct sockaddr*>(&address), size),
              SyscallSucceedsWithValue(1));
  EXPECT_THAT(ring_->take(), IsEmpty());
  EXPECT_TRUE(ring_->must_enter());
  EXPECT_THAT(ring_->enter(), SyscallSucceedsWithValue(1));
  expect_event(fd, EPOLLIN);
}

TEST_F(RingTest, TimersTellByThemselves) {
  const unique_fd timer = make_timerfd();
  ASSERT_THAT(ring_->add(timer, kEdge), SyscallSucceeds());
  arm_timerfd(timer, std::chrono::milliseconds(1));
  wait_until_readable(timer);
  EXPECT_FALSE(ring_->must_enter());
  expect_event(timer, EPOLLIN);
}

TEST_F(RingTest, PipesTellByThemselves) {
  const Pipe pipe = make_pipe();
  ASSERT_THAT(ring_->add(pipe.reader, kEdge), SyscallSucceeds());
  write_all(pipe.writer, "x");
  EXPECT_FALSE(ring_->must_enter());
  expect_event(pipe.reader, EPOLLIN);
}

TEST_F(RingTest, InstancesAreAsked) {
  const unique_fd inner = backend_.instance();
  ASSERT_THAT(backend_.add(inner.get(), fd_.get(), EPOLLIN), SyscallSucceeds());
  ASSERT_THAT(ring_->add(inner, kEdge), SyscallSucceeds());
  post(fd_);
  EXPECT_TRUE(ring_->must_enter());
  EXPECT_THAT(ring_->enter(), SyscallSucceedsWithValue(1));
  expect_event(inner, EPOLLIN);
}

TEST_F(RingTest, OwnerHearsNothingUntilItReleases) {
  ASSERT_THAT(ring_->add(fd_, kEdge), SyscallSucceeds());
  post(fd_);
  struct xpoll_ring_event event {};
  ASSERT_TRUE(xpoll_ring_own(ring_->ring(), &event));
  EXPECT_THAT(event, RingEvent(fd_.get(), EPOLLIN));
  post(fd_);
  EXPECT_THAT(ring_->take(), IsEmpty());
  EXPECT_TRUE(xpoll_ring_release(ring_->ring(), &event));
  EXPECT_THAT(event, RingEvent(fd_.get(), EPOLLIN));
  EXPECT_FALSE(xpoll_ring_release(ring_->ring(), &event));
  EXPECT_THAT(ring_->take(), IsEmpty());
  post(fd_);
  expect_event(fd_, EPOLLIN);
}

TEST_F(RingTest, OwnerOfAWatchThatEndsKeepsItsSlotFromOthers) {
  const RingInstance tiny(4);
  const unique_fd other = make_eventfd();
  const int slot = tiny.add(fd_, kEdge);
  post(fd_);
  struct xpoll_ring_event event {};
  ASSERT_TRUE(xpoll_ring_own(tiny.ring(), &event));
  post(fd_);
  ASSERT_THAT(tiny.del_slot(slot), SyscallSucceeds());
  for (int round = 0; round < 10; ++round) {
    const int given = tiny.add(other, kEdge);
    ASSERT_THAT(given, SyscallSucceeds());
    EXPECT_NE(given, slot);
    post(other);
    EXPECT_EQ(tiny.take().size(), 1U);
    ASSERT_THAT(tiny.del_slot(given), SyscallSucceeds());
  }
  EXPECT_FALSE(xpoll_ring_release(tiny.ring(), &event)) << "its events end with the watch";
  std::vector<unique_fd> fds;
  for (int i = 0; i < 3; ++i) {
    fds.push_back(make_eventfd(1));
    ASSERT_THAT(tiny.add(fds.back(), kEdge), SyscallSucceeds());
  }
  EXPECT_EQ(tiny.take().size(), 3U);
}

// Between the two steps of xpoll_ring_take(). A slot that is appended twice leaves no room in the
// array for all.
TEST_F(RingTest, ConsumerThatHasTakenOnlyTheNumberKeepsTheSlotFromOthers) {
  const RingInstance tiny(4);
  std::vector<unique_fd> fds;
  for (int i = 0; i < 3; ++i) {
    fds.push_back(make_eventfd());
    ASSERT_THAT(tiny.add(fds.back(), kEdge), SyscallSucceeds());
  }
  post(fds[0]);
  std::uint32_t number = 0;
  ASSERT_TRUE(xpoll_ring_pop_(tiny.ring(), &number));
  ASSERT_THAT(tiny.del_slot(static_cast<int>(number)), SyscallSucceeds());
  EXPECT_THAT(tiny.add(fd_, kEdge), SyscallFailsWithErrno(ENOSPC));
  struct xpoll_ring_event event {};
  EXPECT_FALSE(xpoll_ring_exchange_(tiny.ring(), number, 0, &event)) << "the watch has ended";
  EXPECT_THAT(tiny.add(fd_, kEdge), SyscallSucceedsWithValue(static_cast<int>(number)));
  const std::uint64_t data = 99;
  ASSERT_THAT(ioctl(tiny.get(), XPOLL_IOC_POST, &data), SyscallSucceeds());
  post(fds[1]);
  post(fds[2]);
  post(fd_);
  EXPECT_THAT(tiny.take(),
              ElementsAre(RingEvent(99, EPOLLIN), RingEvent(fds[1].get(), EPOLLIN),
                          RingEvent(fds[2].get(), EPOLLIN), RingEvent(fd_.get(), EPOLLIN)));
}

// Those that wait are passed over, whatever their number.
TEST_F(RingTest, SlotsThatAreNeverReleasedCostOnlyThemselves) {
  constexpr std::uint32_t kSlots = 1024;
  constexpr int kOwned = 900;
  const RingInstance ring(kSlots);
  for (int i = 0; i < kOwned; ++i) {
    const unique_fd fd = make_eventfd(1);
    ASSERT_THAT(ring.add(fd, kEdge), SyscallSucceeds());
    struct xpoll_ring_event event {};
    ASSERT_TRUE(xpoll_ring_own(ring.ring(), &event));
  }
  for (int round = 0; round < 3; ++round) {
    std::vector<unique_fd> fds;
    for (int i = 0; i < static_cast<int>(kSlots) - 1 - kOwned; ++i) {
      fds.push_back(make_eventfd(1));
      ASSERT_THAT(ring.add(fds.back(), kEdge), SyscallSucceeds()) << i;
    }
    EXPECT_THAT(ring.add(fd_, kEdge), SyscallFailsWithErrno(ENOSPC));
    fds.clear();
    ring.take();
  }
}

TEST_F(RingTest, SleeperIsNotWokenForAnOwnedWatch) {
  ASSERT_THAT(ring_->add(fd_, EPOLLIN), SyscallSucceeds());
  post(fd_);
  struct xpoll_ring_event event {};
  ASSERT_TRUE(xpoll_ring_own(ring_->ring(), &event));
  Thread sleeper([&] { EXPECT_EQ(ring_->enter(1, -1), 1); });
  sleeper.wait_until_asleep_in_wait();
  const auto wakeups = stats_of(ring_->fd()).wakeups;
  post(fd_);
  EXPECT_EQ(stats_of(ring_->fd()).wakeups, wakeups);
  std::uint64_t data = 1;
  ASSERT_THAT(ioctl(ring_->get(), XPOLL_IOC_POST, &data), SyscallSucceeds());
  sleeper.join();
}

TEST_F(RingTest, WatchThatEndsLeavesAnEmptyEntryAndItsSlotWaits) {
  const RingInstance tiny(2);
  const int slot = tiny.add(fd_, kEdge);
  const unique_fd other = make_eventfd();
  EXPECT_THAT(tiny.add(other, kEdge), SyscallFailsWithErrno(ENOSPC));
  post(fd_);
  ASSERT_THAT(backend_.del(tiny.get(), fd_.get()), SyscallSucceeds());
  EXPECT_THAT(tiny.add(other, kEdge), SyscallFailsWithErrno(ENOSPC));
  EXPECT_EQ(stats_of(tiny.fd()).open_watches, 0U);
  EXPECT_THAT(tiny.take(), IsEmpty());
  EXPECT_THAT(tiny.add(other, kEdge), SyscallSucceedsWithValue(slot));
  post(other);
  EXPECT_THAT(tiny.take(), ElementsAre(RingEvent(other.get(), EPOLLIN)));
}

TEST_F(RingTest, SlotThatAWalkHasPassedIsNotGivenBeforeItsEnd) {
  const RingInstance tiny(2);
  const int slot = tiny.add(fd_, kEdge);
  const unique_fd other = make_eventfd();
  post(fd_);
  struct xpoll_ring_walk walk = xpoll_ring_begin(tiny.ring());
  struct xpoll_ring_event event {};
  ASSERT_TRUE(xpoll_ring_next(&walk, &event));
  ASSERT_THAT(tiny.del_slot(slot), SyscallSucceeds());
  EXPECT_THAT(tiny.add(other, kEdge), SyscallFailsWithErrno(ENOSPC));
  xpoll_ring_end(&walk);
  EXPECT_THAT(tiny.add(other, kEdge), SyscallSucceedsWithValue(slot));
}

TEST_F(RingTest, SlotOfAWatchThatWasTakenIsFreeAtOnce) {
  const RingInstance tiny(2);
  for (int round = 0; round < 50; ++round) {
    ASSERT_THAT(tiny.add(fd_, kEdge), SyscallSucceedsWithValue(1));
    post(fd_);
    EXPECT_EQ(tiny.take().size(), 1U);
    ASSERT_THAT(tiny.del_slot(1), SyscallSucceeds());
  }
}

TEST_F(RingTest, LastCloseEndsAWatchAndFreesItsSlot) {
  const RingInstance tiny(2);
  unique_fd fd = make_eventfd();
  ASSERT_THAT(tiny.add(fd, kEdge), SyscallSucceeds());
  fd.reset();
  EXPECT_THAT(tiny.add(fd_, kEdge), SyscallSucceedsWithValue(1));
}

TEST_F(RingTest, WatchIsChangedBySlotAfterItsDescriptorWasClosed) {
  unique_fd fd = make_eventfd();
  const unique_fd kept = duplicate(fd);
  const int slot = ring_->add(fd, kEdge);
  fd.reset();
  post(kept);
  EXPECT_EQ(ring_->take().size(), 1U);
  ASSERT_THAT(ring_->mod_slot(slot, kEdge, 5), SyscallSucceeds());
  EXPECT_THAT(ring_->take(), ElementsAre(RingEvent(5, EPOLLIN)));
  EXPECT_THAT(ring_->del_slot(slot), SyscallSucceeds());
  post(kept);
  EXPECT_THAT(ring_->take(), IsEmpty());
}

TEST_F(RingTest, WaitTakesFromTheRing) {
  std::vector<unique_fd> fds;
  for (int i = 0; i < 3; ++i) fds.push_back(make_eventfd(1));
  for (const unique_fd& fd : fds) ASSERT_THAT(ring_->add(fd, kEdge), SyscallSucceeds());
  EXPECT_THAT(backend_.ready(ring_->get(), 0, 1), Events(Event(fds[0].get(), EPOLLIN)));
  EXPECT_EQ(ring_->header().head, 1U);
  EXPECT_THAT(backend_.ready(ring_->get(), -1),
              Events(Event(fds[1].get(), EPOLLIN), Event(fds[2].get(), EPOLLIN)));
  EXPECT_THAT(backend_.ready(ring_->get()), NoEvents());
  Waiter waiter(backend_, ring_->get());
  waiter.wait_until_asleep();
  post(fds[0]);
  EXPECT_THAT(waiter.join(), SyscallSucceedsWithValue(1));
  EXPECT_THAT(waiter.events()[0], Event(fds[0].get(), EPOLLIN));
}

TEST_F(RingTest, WaitAsksLevelWatchesAgain) {
  ASSERT_THAT(ring_->add(fd_, EPOLLIN), SyscallSucceeds());
  post(fd_);
  for (int round = 0; round < 3; ++round)
    EXPECT_THAT(backend_.ready(ring_->get()), Events(Event(fd_.get(), EPOLLIN)));
  take(fd_);
  EXPECT_THAT(backend_.ready(ring_->get()), NoEvents());
}

TEST_F(RingTest, ArrayThatCannotBeWrittenLosesNoEvent) {
  const GuardedMemory memory;
  ASSERT_THAT(ring_->add(fd_, kOnce), SyscallSucceeds());
  post(fd_);
  EXPECT_THAT(backend_.wait(ring_->get(), memory.cut_after<epoll_event>(4), 1, 0),
              SyscallFailsWithErrno(EFAULT));
  expect_event(fd_, EPOLLIN);
}

TEST_F(RingTest, EventThatIsPutBackIsToldToPollers) {
  const GuardedMemory memory;
  const unique_fd outer = backend_.instance();
  ASSERT_THAT(backend_.add(outer.get(), ring_->get(), kEdge), SyscallSucceeds());
  ASSERT_THAT(ring_->add(fd_, kEdge), SyscallSucceeds());
  post(fd_);
  EXPECT_THAT(backend_.ready(outer.get()), Events(Event(ring_->get(), EPOLLIN)));
  EXPECT_THAT(backend_.wait(ring_->get(), memory.cut_after<epoll_event>(4), 1, 0),
              SyscallFailsWithErrno(EFAULT));
  EXPECT_THAT(backend_.ready(outer.get()), Events(Event(ring_->get(), EPOLLIN)));
}

TEST_F(RingTest, LevelWatchBehindOneThatIsPutBackIsAskedAgain) {
  const GuardedMemory memory;
  const unique_fd other = make_eventfd();
  ASSERT_THAT(ring_->add(fd_, EPOLLIN), SyscallSucceeds());
  ASSERT_THAT(ring_->add(other, EPOLLIN), SyscallSucceeds());
  post(fd_);
  post(other);
  EXPECT_THAT(backend_.wait(ring_->get(), memory.cut_after<epoll_event>(4), 1, 0),
              SyscallFailsWithErrno(EFAULT));
  struct xpoll_ring_event event {};
  ASSERT_TRUE(xpoll_ring_take(ring_->ring(), &event));
  EXPECT_EQ(event.data, static_cast<std::uint64_t>(other.get()));
  EXPECT_THAT(ring_->enter(), SyscallSucceedsWithValue(2));
}

TEST_F(RingTest, EnterWithAnArrayTakesFromTheRing) {
  ASSERT_THAT(ring_->add(fd_, kEdge), SyscallSucceeds());
  post(fd_);
  Enter call(ring_->get());
  EXPECT_THAT(call.call(), SyscallSucceedsWithValue(1));
  EXPECT_THAT(call.events(), Events(Event(fd_.get(), EPOLLIN)));
}

TEST_F(RingTest, OneshotThatAChangeFindsReadyComesOnce) {
  post(fd_);
  Enter call(ring_->get(), {change_of(EPOLL_CTL_ADD, fd_.get(), kOnce)});
  EXPECT_THAT(call.call(), SyscallSucceedsWithValue(1));
  EXPECT_THAT(call.events(), Events(Event(fd_.get(), EPOLLIN)));
  EXPECT_THAT(ring_->take(), IsEmpty());
  EXPECT_THAT(ring_->enter(), SyscallSucceedsWithValue(0));
}

TEST_F(RingTest, MinimumWithAnArrayCounts) {
  const unique_fd other = make_eventfd();
  ASSERT_THAT(ring_->add(fd_, kEdge), SyscallSucceeds());
  ASSERT_THAT(ring_->add(other, kEdge), SyscallSucceeds());
  post(fd_);
  Enter call(ring_->get());
  call.arguments.minevents = 2;
  call.arguments.timeout_ns = -1;
  Thread sleeper([&] { EXPECT_EQ(call.call(), 2); });
  sleeper.wait_until_asleep_in_wait();
  post(other);
  sleeper.join();
}

TEST_F(RingTest, PollAndSelectLikeCallsSeeWhatIsInTheRing) {
  ASSERT_THAT(ring_->add(fd_, EPOLLIN), SyscallSucceeds());
  struct pollfd poller {
    ring_->get(), POLLIN, 0
  };
  EXPECT_EQ(poll(&poller, 1, 0), 0);
  post(fd_);
  EXPECT_EQ(poll(&poller, 1, 0), 1);
  expect_event(fd_, EPOLLIN);
  EXPECT_EQ(poll(&poller, 1, 0), 1) << "a level-triggered watch is asked again";
  take(fd_);
  ring_->take();
  EXPECT_EQ(poll(&poller, 1, 0), 0);
  Thread sleeper([&] { EXPECT_EQ(poll(&poller, 1, -1), 1); });
  sleeper.wait_until_asleep_in_wait();
  post(fd_);
  sleeper.join();
}

TEST_F(RingTest, InstanceThatWatchesItIsToldOfEachEntry) {
  for (const Backend backend : {Backend::xpoll(), Backend::native()}) {
    const RingInstance ring;
    const unique_fd outer = backend.instance();
    ASSERT_THAT(backend.add(outer.get(), ring.get(), kEdge), SyscallSucceeds());
    const unique_fd fd = make_eventfd();
    ASSERT_THAT(ring.add(fd, kEdge), SyscallSucceeds());
    for (int round = 0; round < 3; ++round) {
      post(fd);
      EXPECT_THAT(backend.ready(outer.get()), Events(Event(ring.get(), EPOLLIN)));
      EXPECT_THAT(backend.ready(outer.get()), NoEvents());
      EXPECT_EQ(ring.take().size(), 1U);
    }
  }
}

TEST_F(RingTest, SleeperWakesWhenEnoughIsInTheRing) {
  const unique_fd other = make_eventfd();
  ASSERT_THAT(ring_->add(fd_, kEdge), SyscallSucceeds());
  ASSERT_THAT(ring_->add(other, kEdge), SyscallSucceeds());
  for (const std::uint32_t minimum : {1U, 2U}) {
    Thread sleeper([&] { EXPECT_EQ(ring_->enter(minimum, -1), static_cast<int>(minimum)); });
    sleeper.wait_until_asleep_in_wait();
    post(fd_);
    if (minimum == 2) {
      sleeper.wait_until_asleep_in_wait();
      post(other);
    }
    sleeper.join();
    EXPECT_EQ(ring_->take().size(), minimum);
  }
}

TEST_F(RingTest, SleeperBelowItsMinimumKeepsNoEventFromOthers) {
  const unique_fd other = make_eventfd();
  ASSERT_THAT(ring_->add(fd_, kEdge), SyscallSucceeds());
  ASSERT_THAT(ring_->add(other, kEdge), SyscallSucceeds());
  // the timeout ends a test that has failed
  Thread sleeper([&] { EXPECT_EQ(ring_->enter(2, 60'000'000'000), 2); });
  sleeper.wait_until_asleep_in_wait();
  for (int round = 0; round < 5; ++round) {
    Waiter waiter(backend_, ring_->get());
    waiter.wait_until_asleep();
    post(fd_);
    EXPECT_THAT(waiter.join(), SyscallSucceedsWithValue(1));
    sleeper.wait_until_asleep_in_wait();
  }
  post(fd_);
  post(other);
  sleeper.join();
}

// Its event is in the ring before what the task finds when it asks the level-triggered watch.
TEST_F(RingTest, WaiterThatTakesAnotherEventThanItHasFoundWakesTheNext) {
  const unique_fd other = make_eventfd();
  ASSERT_THAT(ring_->add(fd_, EPOLLIN), SyscallSucceeds());
  ASSERT_THAT(ring_->add(other, kEdge), SyscallSucceeds());
  Waiter first(backend_, ring_->get());
  first.wait_until_asleep();
  Waiter second(backend_, ring_->get());
  second.wait_until_asleep();
  Thread third([&] { EXPECT_EQ(ring_->enter(1, -1), 1); });
  third.wait_until_asleep_in_wait();
  post(fd_);
  third.join();
  EXPECT_EQ(ring_->take().size(), 1U);
  post(other);
  EXPECT_THAT(first.join(), SyscallSucceedsWithValue(1));
  EXPECT_THAT(second.join(), SyscallSucceedsWithValue(1));
}

TEST_F(RingTest, BelowTheMinimumOneIsEnoughAfterItsTime) {
  ASSERT_THAT(ring_->add(fd_, kEdge), SyscallSucceeds());
  post(fd_);
  struct xpoll_enter call {};
  call.flags = XPOLL_ENTER_RING;
  call.minevents = 2;
  call.min_wait_ns = 1'000'000;
  call.timeout_ns = -1;
  EXPECT_THAT(xpoll_enter(ring_->get(), &call), SyscallSucceedsWithValue(1));
}

TEST_F(RingTest, EntryOfAWatchThatHasEndedCountsForAMinimum) {
  const unique_fd other = make_eventfd(1);
  post(fd_);
  ASSERT_THAT(ring_->add(fd_, kEdge), SyscallSucceeds());
  ASSERT_THAT(ring_->add(other, kEdge), SyscallSucceeds());
  ASSERT_THAT(backend_.del(ring_->get(), fd_.get()), SyscallSucceeds());
  EXPECT_THAT(ring_->enter(2, 60'000'000'000), SyscallSucceedsWithValue(2));
  Enter call(ring_->get());
  call.arguments.minevents = 2;
  call.arguments.timeout_ns = 60'000'000'000;
  EXPECT_THAT(call.call(), SyscallSucceedsWithValue(1));
  EXPECT_THAT(call.events(), Events(Event(other.get(), EPOLLIN)));
}

TEST_F(RingTest, SleepEndsWithItsTimeout) {
  EXPECT_THAT(ring_->enter(1, 1'000'000), SyscallSucceedsWithValue(0));
  EXPECT_THAT(ring_->enter(2, 1'000'000), SyscallSucceedsWithValue(0));
}

TEST_F(RingTest, SleepEndsWithASignal) {
  for (const std::uint32_t minimum : {1U, 2U}) {
    std::atomic<bool> returned{false};
    Thread sleeper([&] {
      EXPECT_THAT(ring_->enter(minimum, -1), SyscallFailsWithErrno(EINTR));
      returned = true;
    });
    sleeper.wait_until_asleep_in_wait();
    sleeper.interrupt_until(returned);
    sleeper.join();
  }
}

TEST_F(RingTest, PostIsAnEventOfSlotZero) {
  std::uint64_t data = 5;
  ASSERT_THAT(ioctl(ring_->get(), XPOLL_IOC_POST, &data), SyscallSucceeds());
  data = 6;
  ASSERT_THAT(ioctl(ring_->get(), XPOLL_IOC_POST, &data), SyscallSucceeds());
  const auto events = ring_->take();
  ASSERT_THAT(events, ElementsAre(RingEvent(6, EPOLLIN)));
  EXPECT_EQ(events[0].slot, 0U);
  data = 7;
  ASSERT_THAT(ioctl(ring_->get(), XPOLL_IOC_POST, &data), SyscallSucceeds());
  EXPECT_THAT(backend_.ready(ring_->get()), Events(Event(7, EPOLLIN)));
}

TEST_F(RingTest, PostWakesOneOfTwo) {
  const std::uint64_t data = 1;
  Thread first([&] { EXPECT_EQ(ring_->enter(1, -1), 1); });
  const SleepWatch asleep(first.tid());
  Thread second([&] { EXPECT_EQ(ring_->enter(1, -1), 1); });
  second.wait_until_asleep_in_wait();
  ASSERT_THAT(ioctl(ring_->get(), XPOLL_IOC_POST, &data), SyscallSucceeds());
  second.join();
  EXPECT_TRUE(asleep.undisturbed());
  EXPECT_EQ(ring_->take().size(), 1U);
  ASSERT_THAT(ioctl(ring_->get(), XPOLL_IOC_POST, &data), SyscallSucceeds());
  first.join();
}

TEST_F(RingTest, ExclusiveWatchTellsOneInstanceThatWaits) {
  const RingInstance other;
  ASSERT_THAT(ring_->add(fd_, kEdge | EPOLLEXCLUSIVE), SyscallSucceeds());
  ASSERT_THAT(other.add(fd_, kEdge | EPOLLEXCLUSIVE), SyscallSucceeds());
  Thread first([&] { EXPECT_EQ(ring_->enter(1, -1), 1); });
  Thread second([&] { EXPECT_EQ(other.enter(1, -1), 1); });
  first.wait_until_asleep_in_wait();
  second.wait_until_asleep_in_wait();
  post(fd_);
  EXPECT_EQ(ring_->header().tail + other.header().tail, 1U);
  const RingInstance& rest = ring_->header().tail ? other : *ring_;
  std::uint64_t data = 0;
  ASSERT_THAT(ioctl(rest.get(), XPOLL_IOC_POST, &data), SyscallSucceeds());
  first.join();
  second.join();
}

TEST_F(RingTest, WakeupIsIgnored) {
  if (access("/sys/class/wakeup", F_OK) < 0) GTEST_SKIP() << "this system can't sleep";
  const auto before = wakeup_sources();
  const auto expect_ignored = [&] {
    EXPECT_FALSE(watches_of(ring_->get()).at(0).events & EPOLLWAKEUP);
    EXPECT_EQ(wakeup_sources().size(), before.size());
  };
  const int slot = ring_->add(fd_, kEdge | EPOLLWAKEUP);
  ASSERT_THAT(slot, SyscallSucceeds());
  expect_ignored();
  EXPECT_THAT(ring_->mod_slot(slot, kEdge | EPOLLWAKEUP, 3), SyscallSucceeds());
  expect_ignored();
  EXPECT_THAT(backend_.mod(ring_->get(), fd_.get(), kEdge | EPOLLWAKEUP, 3), SyscallSucceeds());
  expect_ignored();
  post(fd_);
  EXPECT_THAT(ring_->take(), ElementsAre(RingEvent(3, EPOLLIN)));
}

TEST_F(RingTest, CloseEndsTheWatchesThoughTheRingIsMapped) {
  const auto [one, other] = unix_pair();
  ASSERT_THAT(ring_->add(one, kEdge), SyscallSucceeds());
  ring_->close();
  write_all(other, "x");
  EXPECT_EQ(ring_->header().tail, 0U);
  EXPECT_EQ(ring_->header().slots, 16U);
  ring_->bits(1) = 1;
}

TEST_F(RingTest, ChildSharesTheRing) {
  ASSERT_THAT(ring_->add(fd_, kEdge), SyscallSucceeds());
  post(fd_);
  Process child([&] { return static_cast<int>(ring_->take().size()); });
  EXPECT_EQ(child.join(), 1);
  EXPECT_THAT(ring_->take(), IsEmpty());
}

TEST_F(RingTest, StatisticsCountWhatCameIntoTheRing) {
  ASSERT_THAT(ring_->add(fd_, kEdge), SyscallSucceeds());
  for (int round = 0; round < 3; ++round) {
    post(fd_);
    ring_->take();
  }
  const auto stats = stats_of(ring_->fd());
  EXPECT_EQ(stats.callbacks, 3U);
  EXPECT_EQ(stats.events, 3U);
  EXPECT_EQ(stats.watches, 1U);
}

using RingPolicyTest = WakeInstancesTest;

TEST_F(RingPolicyTest, APolicyDoesNotChooseAmongInstancesWithARing) {
  ASSERT_THAT(set_policy(device_.get(), XPOLL_WAKE_ROUND_ROBIN), SyscallSucceeds());
  for (int i = 0; i < 3; ++i) {
    auto arguments = ring_arguments(8);
    arguments.group = group();
    instances_.push_back(
        checked_fd(ioctl(device_.get(), XPOLL_IOC_CREATE_RING, &arguments), "create"));
    edge_watch(instances_.back().get(), eventfd_, EPOLLEXCLUSIVE);
  }
  auto workers = start();
  for (int round = 0; round < 3; ++round) {
    EXPECT_EQ(taker(workers, eventfd_), 0) << "the first one, as on native epoll: " << round;
    workers[0] = start_one(0);
  }
  finish(workers, eventfd_);
}

}  // namespace
}  // namespace xpoll::test
