// SPDX-License-Identifier: GPL-2.0-only
// The changes of XPOLL_IOC_ENTER: what they do, their results, and where they stop.
#include <cstdlib>
#include <numeric>
#include <vector>

#include "tools/util/descriptors.h"
#include "tools/util/eventfd.h"
#include "util/each_backend.h"
#include "util/enter.h"
#include "util/guarded_memory.h"
#include "util/matchers.h"
#include "util/stats.h"

namespace xpoll::test {
namespace {

using testing::Each;
using testing::ElementsAre;

class EnterChangeTest : public XpollOnly {
 protected:
  // ADD of each, in this order, with its index as data.
  static std::vector<struct xpoll_change> add_all(const std::vector<unique_fd>& fds,
                                                  std::uint32_t events) {
    std::vector<struct xpoll_change> changes;
    for (const unique_fd& fd : fds)
      changes.push_back(change_of(EPOLL_CTL_ADD, fd.get(), events, changes.size()));
    return changes;
  }

  static std::vector<unique_fd> eventfds(std::size_t count, unsigned value) {
    std::vector<unique_fd> fds;
    while (fds.size() < count) fds.push_back(make_eventfd(value));
    return fds;
  }

  Enter enter(std::vector<struct xpoll_change> changes, std::size_t room = 16) {
    return Enter(ep_.get(), std::move(changes), room);
  }

  // A call that only makes this change.
  int result_of(const struct xpoll_change& change) {
    Enter call = enter({change}, 0);
    EXPECT_THAT(call.call(), SyscallSucceedsWithValue(0));
    EXPECT_EQ(call.arguments.done, 1U);
    EXPECT_EQ(call.arguments.failed, call.changes[0].result < 0 ? 1U : 0U);
    return call.changes[0].result;
  }

  const unique_fd ep_{backend_.create1(EPOLL_CLOEXEC)};
  const unique_fd one_ = make_eventfd(1);
  const unique_fd two_ = make_eventfd(1);
};

TEST_F(EnterChangeTest, AddModAndDelAreMadeInOrder) {
  Enter call = enter({change_of(EPOLL_CTL_ADD, one_.get(), EPOLLIN, 1),
                      change_of(EPOLL_CTL_ADD, two_.get(), EPOLLIN, 2),
                      change_of(EPOLL_CTL_MOD, one_.get(), EPOLLOUT, 3),
                      change_of(EPOLL_CTL_DEL, two_.get())});
  EXPECT_THAT(call.call(), SyscallSucceedsWithValue(1));
  EXPECT_THAT(call.results(), Each(0));
  EXPECT_EQ(call.arguments.done, 4U);
  EXPECT_EQ(call.arguments.failed, 0U);
  EXPECT_THAT(call.events(), Events(Event(3, EPOLLOUT)));
}

TEST_F(EnterChangeTest, OnlyTheResultsOfTheChangesAreWritten) {
  const struct xpoll_change change = change_of(EPOLL_CTL_ADD, one_.get(), EPOLLIN, 7);
  Enter call = enter({change, change_of(EPOLL_CTL_ADD, two_.get(), EPOLLIN)});
  call.put_changes(call.changes.data(), 1);
  ASSERT_THAT(call.call(), SyscallSucceedsWithValue(1));
  EXPECT_EQ(call.changes[0].op, change.op);
  EXPECT_EQ(call.changes[0].fd, change.fd);
  EXPECT_EQ(call.changes[0].events, change.events);
  EXPECT_EQ(call.changes[0].data, change.data);
  EXPECT_EQ(call.changes[1].result, kNoResult);
}

TEST_F(EnterChangeTest, AChangeThatFailsDoesNotStopTheOthers) {
  Enter call = enter(
      {change_of(EPOLL_CTL_MOD, one_.get(), EPOLLIN), change_of(EPOLL_CTL_ADD, one_.get(), EPOLLIN),
       change_of(EPOLL_CTL_ADD, one_.get(), EPOLLIN), change_of(EPOLL_CTL_DEL, two_.get()),
       change_of(EPOLL_CTL_ADD, two_.get(), EPOLLIN)});
  EXPECT_THAT(call.call(), SyscallSucceedsWithValue(2));
  EXPECT_THAT(call.results(), ElementsAre(-ENOENT, 0, -EEXIST, -ENOENT, 0));
  EXPECT_EQ(call.arguments.done, 5U);
  EXPECT_EQ(call.arguments.failed, 3U);
}

TEST_F(EnterChangeTest, WithStopTheFirstFailureIsTheLastChange) {
  Enter call = enter({change_of(EPOLL_CTL_ADD, one_.get(), EPOLLIN),
                      change_of(EPOLL_CTL_ADD, one_.get(), EPOLLIN),
                      change_of(EPOLL_CTL_ADD, two_.get(), EPOLLIN)});
  call.arguments.flags = XPOLL_ENTER_STOP;
  EXPECT_THAT(call.call(), SyscallSucceedsWithValue(1));
  EXPECT_THAT(call.results(), ElementsAre(0, -EEXIST, kNoResult));
  EXPECT_EQ(call.arguments.done, 2U);
  EXPECT_EQ(call.arguments.failed, 1U);
  EXPECT_THAT(call.events(), Events(Event(one_.get(), EPOLLIN)));
}

TEST_F(EnterChangeTest, AfterAStopThereIsNoSleep) {
  Enter call = enter({change_of(EPOLL_CTL_DEL, one_.get())});
  call.arguments.flags = XPOLL_ENTER_STOP;
  call.arguments.timeout_ns = -1;
  call.arguments.minevents = 2;
  EXPECT_THAT(call.call(), SyscallSucceedsWithValue(0));
  EXPECT_EQ(call.arguments.failed, 1U);
}

TEST_F(EnterChangeTest, StopWithoutAFailureStopsNothing) {
  const std::vector<unique_fd> fds = eventfds(40, 0);
  Enter call = enter(add_all(fds, EPOLLIN));
  call.arguments.flags = XPOLL_ENTER_STOP;
  EXPECT_THAT(call.call(), SyscallSucceedsWithValue(0));
  EXPECT_EQ(call.arguments.done, 40U);
}

// Numbers around the size of a batch, and whether the failure is in its first or last one.
TEST_F(EnterChangeTest, StopStopsAtAnyPlace) {
  for (const std::size_t count : {1U, 15U, 16U, 17U, 32U, 33U, 48U})
    for (const std::size_t place : {std::size_t{0}, count / 2, count - 1}) {
      SCOPED_TRACE(testing::Message() << place << " of " << count);
      const unique_fd ep = backend_.instance();
      const std::vector<unique_fd> fds = eventfds(count, 1);
      std::vector<struct xpoll_change> changes = add_all(fds, EPOLLIN | EPOLLONESHOT);
      changes[place].op = EPOLL_CTL_DEL;
      Enter call(ep.get(), changes, count);
      call.arguments.flags = XPOLL_ENTER_STOP;
      EXPECT_THAT(call.call(), SyscallSucceedsWithValue(static_cast<int>(place)));
      EXPECT_EQ(call.arguments.done, place + 1);
      EXPECT_EQ(call.arguments.failed, 1U);
      for (std::size_t i = 0; i < count; ++i) {
        const int expected = i < place ? 0 : i == place ? -ENOENT : kNoResult;
        EXPECT_EQ(call.changes[i].result, expected) << i;
      }
    }
}

TEST_F(EnterChangeTest, AsManyAsThereMayBeAreMade) {
  const std::vector<unique_fd> fds = eventfds(64, 0);
  std::vector<struct xpoll_change> changes = add_all(fds, EPOLLIN);
  while (changes.size() < XPOLL_CHANGES_MAX)
    changes.push_back(change_of(EPOLL_CTL_MOD, fds[changes.size() % 64].get(), EPOLLIN));
  Enter call = enter(changes);
  EXPECT_THAT(call.call(), SyscallSucceedsWithValue(0));
  EXPECT_THAT(call.results(), Each(0));
  EXPECT_EQ(call.arguments.done, static_cast<unsigned>(XPOLL_CHANGES_MAX));
}

TEST_F(EnterChangeTest, WithoutRoomForEventsThereIsNoWait) {
  Enter call = enter({change_of(EPOLL_CTL_ADD, one_.get(), EPOLLIN | EPOLLET)}, 0);
  call.arguments.timeout_ns = -1;
  EXPECT_THAT(call.call(), SyscallSucceedsWithValue(0));
  EXPECT_THAT(backend_.ready(ep_.get()), Events(Event(one_.get(), EPOLLIN)));
}

TEST_F(EnterChangeTest, EachErrorOfAChange) {
  const unique_fd native = Backend::native().instance();
  const unique_fd inner = backend_.instance();
  const unique_fd path = checked_fd(open("/proc/self/exe", O_RDONLY | O_CLOEXEC), "open");
  EXPECT_EQ(result_of(change_of(EPOLL_CTL_ADD, -1, EPOLLIN)), -EBADF);
  EXPECT_EQ(result_of(change_of(EPOLL_CTL_ADD, path.get(), EPOLLIN)), -EPERM);
  EXPECT_EQ(result_of(change_of(EPOLL_CTL_ADD, ep_.get(), EPOLLIN)), -EINVAL);
  EXPECT_EQ(result_of(change_of(EPOLL_CTL_ADD, native.get(), EPOLLIN)), -EINVAL);
  EXPECT_EQ(result_of(change_of(EPOLL_CTL_ADD, inner.get(), EPOLLIN | EPOLLEXCLUSIVE)), -EINVAL);
  EXPECT_EQ(result_of(change_of(EPOLL_CTL_ADD, one_.get(), EPOLLONESHOT | EPOLLEXCLUSIVE)),
            -EINVAL);
  EXPECT_EQ(result_of(change_of(EPOLL_CTL_MOD, one_.get(), EPOLLIN)), -ENOENT);
  EXPECT_EQ(result_of(change_of(EPOLL_CTL_DEL, one_.get())), -ENOENT);
  EXPECT_EQ(result_of(change_of(EPOLL_CTL_ADD, one_.get(), EPOLLIN | EPOLLEXCLUSIVE)), 0);
  EXPECT_EQ(result_of(change_of(EPOLL_CTL_ADD, one_.get(), EPOLLIN)), -EEXIST);
  EXPECT_EQ(result_of(change_of(EPOLL_CTL_MOD, one_.get(), EPOLLIN)), -EINVAL);
  for (const int op : {0, 4, 0xff, 0x101, 0xffff})
    EXPECT_EQ(result_of(change_of(op, one_.get(), EPOLLIN)), -EINVAL) << op;
}

TEST_F(EnterChangeTest, AnUnknownFlagOfAChangeIsEinvalBeforeEverythingElse) {
  constexpr unsigned kKnown = XPOLL_CHANGE_CLOSE | XPOLL_CHANGE_COOKIE | XPOLL_CHANGE_ONLY |
                              XPOLL_CHANGE_REMOVED | XPOLL_CHANGE_TIME;
  for (unsigned bit = 0; bit < 16; ++bit) {
    if (kKnown & 1U << bit) continue;
    struct xpoll_change change = change_of(EPOLL_CTL_ADD, -1, EPOLLIN);
    change.flags = static_cast<__u16>(1U << bit);
    EXPECT_EQ(result_of(change), -EINVAL) << bit;
  }
}

TEST_F(EnterChangeTest, UpsertAddsWhatIsNotWatchedAndChangesWhatIs) {
  EXPECT_EQ(result_of(change_of(XPOLL_CTL_UPSERT, one_.get(), EPOLLIN, 1)), 0);
  EXPECT_THAT(backend_.ready(ep_.get()), Events(Event(1, EPOLLIN)));
  EXPECT_EQ(result_of(change_of(XPOLL_CTL_UPSERT, one_.get(), EPOLLOUT, 2)), 0);
  EXPECT_THAT(backend_.ready(ep_.get()), Events(Event(2, EPOLLOUT)));
  EXPECT_EQ(stats_of(ep_).open_watches, 1U);
}

TEST_F(EnterChangeTest, UpsertRefusesWhatAddOrModWould) {
  const unique_fd native = Backend::native().instance();
  EXPECT_EQ(result_of(change_of(XPOLL_CTL_UPSERT, -1, EPOLLIN)), -EBADF);
  EXPECT_EQ(result_of(change_of(XPOLL_CTL_UPSERT, ep_.get(), EPOLLIN)), -EINVAL);
  EXPECT_EQ(result_of(change_of(XPOLL_CTL_UPSERT, native.get(), EPOLLIN)), -EINVAL);
  EXPECT_EQ(result_of(change_of(XPOLL_CTL_UPSERT, one_.get(), EPOLLIN | EPOLLEXCLUSIVE)), -EINVAL);
  ASSERT_EQ(result_of(change_of(EPOLL_CTL_ADD, one_.get(), EPOLLIN | EPOLLEXCLUSIVE)), 0);
  EXPECT_EQ(result_of(change_of(XPOLL_CTL_UPSERT, one_.get(), EPOLLIN)), -EINVAL);
}

TEST_F(EnterChangeTest, UpsertIsUnknownToCtl) {
  epoll_event event{};
  const struct xpoll_ctl arguments = ctl_arguments(XPOLL_CTL_UPSERT, one_.get(), &event);
  EXPECT_THAT(ioctl(ep_.get(), XPOLL_IOC_CTL, &arguments), SyscallFailsWithErrno(EINVAL));
}

TEST_F(EnterChangeTest, UpsertOfAnInstanceAddsItOnceAndChangesItThen) {
  const unique_fd inner = backend_.instance();
  ASSERT_THAT(backend_.add(inner.get(), one_.get(), EPOLLIN), SyscallSucceeds());
  EXPECT_EQ(result_of(change_of(XPOLL_CTL_UPSERT, inner.get(), EPOLLIN, 1)), 0);
  EXPECT_THAT(backend_.ready(ep_.get()), Events(Event(1, EPOLLIN)));
  EXPECT_EQ(result_of(change_of(XPOLL_CTL_UPSERT, inner.get(), EPOLLIN, 2)), 0);
  EXPECT_THAT(backend_.ready(ep_.get()), Events(Event(2, EPOLLIN)));
}

TEST_F(EnterChangeTest, ALoopOfInstancesIsEloop) {
  const unique_fd inner = backend_.instance();
  ASSERT_THAT(backend_.add(inner.get(), ep_.get(), EPOLLIN), SyscallSucceeds());
  EXPECT_EQ(result_of(change_of(EPOLL_CTL_ADD, inner.get(), EPOLLIN)), -ELOOP);
  EXPECT_EQ(result_of(change_of(XPOLL_CTL_UPSERT, inner.get(), EPOLLIN)), -ELOOP);
}

TEST_F(EnterChangeTest, AChainThatIsTooLongIsEloop) {
  std::vector<unique_fd> chain;
  for (int i = 0; i < 5; ++i) chain.push_back(backend_.instance());
  for (int i = 0; i < 4; ++i)
    ASSERT_THAT(backend_.add(chain[i].get(), chain[i + 1].get(), EPOLLIN), SyscallSucceeds());
  EXPECT_EQ(result_of(change_of(EPOLL_CTL_ADD, chain[0].get(), EPOLLIN)), -ELOOP);
  EXPECT_EQ(result_of(change_of(EPOLL_CTL_ADD, chain[1].get(), EPOLLIN)), 0);
}

// The mutex is let go for an instance between two others, and ready items wait for that.
TEST_F(EnterChangeTest, InstancesAmongTheChangesAreAddedToo) {
  const unique_fd inner = backend_.instance();
  ASSERT_THAT(backend_.add(inner.get(), one_.get(), EPOLLIN), SyscallSucceeds());
  const unique_fd three = make_eventfd(1);
  Enter call = enter({change_of(EPOLL_CTL_ADD, two_.get(), EPOLLIN | EPOLLET),
                      change_of(EPOLL_CTL_ADD, inner.get(), EPOLLIN | EPOLLET),
                      change_of(EPOLL_CTL_ADD, three.get(), EPOLLIN | EPOLLET)});
  EXPECT_THAT(call.call(), SyscallSucceedsWithValue(3));
  EXPECT_THAT(call.results(), Each(0));
  EXPECT_THAT(call.events(), Events(Event(two_.get(), EPOLLIN), Event(inner.get(), EPOLLIN),
                                    Event(three.get(), EPOLLIN)));
}

TEST_F(EnterChangeTest, AnAddToAWatchedInstanceReachesItsWatcher) {
  const unique_fd outer = backend_.instance();
  ASSERT_THAT(backend_.add(outer.get(), ep_.get(), EPOLLIN | EPOLLET), SyscallSucceeds());
  Enter call = enter({change_of(EPOLL_CTL_ADD, one_.get(), EPOLLIN | EPOLLET)}, 0);
  EXPECT_THAT(call.call(), SyscallSucceedsWithValue(0));
  EXPECT_THAT(backend_.ready(outer.get()), Events(Event(ep_.get(), EPOLLIN)));
  EXPECT_THAT(backend_.ready(ep_.get()), Events(Event(one_.get(), EPOLLIN)));
  EXPECT_THAT(backend_.ready(outer.get()), NoEvents());
  Enter later = enter({change_of(EPOLL_CTL_MOD, one_.get(), EPOLLIN | EPOLLET)}, 0);
  EXPECT_THAT(later.call(), SyscallSucceedsWithValue(0));
  EXPECT_THAT(backend_.ready(outer.get()), Events(Event(ep_.get(), EPOLLIN)));
}

TEST_F(EnterChangeTest, ChangesThatCannotBeReadAreEfaultAfterTheBatchesBefore) {
  const GuardedMemory memory;
  const std::vector<unique_fd> fds = eventfds(33, 0);
  const std::vector<struct xpoll_change> changes = add_all(fds, EPOLLIN);
  // A batch of one comes first, then one of 16, of which the last cannot be read.
  auto* const there = memory.last<struct xpoll_change>(16);
  std::copy(changes.begin(), changes.begin() + 16, there);
  Enter call = enter({});
  call.put_changes(there, 33);
  EXPECT_THAT(call.call(), SyscallFailsWithErrno(EFAULT));
  EXPECT_EQ(call.arguments.done, 1U);
  EXPECT_EQ(call.arguments.failed, 0U);
  EXPECT_EQ(there[0].result, 0);
  EXPECT_EQ(there[1].result, kNoResult);
  EXPECT_EQ(stats_of(ep_).open_watches, 1U);
}

TEST_F(EnterChangeTest, ResultsThatCannotBeWrittenAreEfaultAndNoEventIsLost) {
  for (const std::uint32_t trigger : {0U, 0U + EPOLLET, 0U + EPOLLONESHOT}) {
    const unique_fd ep = backend_.instance();
    GuardedMemory memory;
    const std::vector<unique_fd> fds = eventfds(3, 1);
    const std::vector<struct xpoll_change> changes = add_all(fds, EPOLLIN | trigger);
    auto* const there = memory.last<struct xpoll_change>(3);
    std::copy(changes.begin(), changes.end(), there);
    memory.make_read_only();
    Enter call(ep.get());
    call.put_changes(there, 3);
    EXPECT_THAT(call.call(), SyscallFailsWithErrno(EFAULT));
    EXPECT_EQ(call.arguments.done, 0U);
    EXPECT_THAT(backend_.ready(ep.get()),
                Events(Event(0, EPOLLIN), Event(1, EPOLLIN), Event(2, EPOLLIN)))
        << trigger;
  }
}

// done and failed are after what is read only
TEST_F(EnterChangeTest, CountsThatCannotBeWrittenAreEfaultAndNoEventIsLost) {
  GuardedMemory memory;
  Enter call = enter({change_of(EPOLL_CTL_ADD, one_.get(), EPOLLIN | EPOLLONESHOT)});
  call.arguments.changes = address(call.changes.data());
  call.arguments.nchanges = 1;
  auto* const there = memory.last<struct xpoll_enter>();
  *there = call.arguments;
  memory.make_read_only();
  EXPECT_THAT(ioctl(ep_.get(), XPOLL_IOC_ENTER, there), SyscallFailsWithErrno(EFAULT));
  EXPECT_EQ(call.changes[0].result, 0);
  EXPECT_THAT(backend_.ready(ep_.get()), Events(Event(one_.get(), EPOLLIN)));
}

}  // namespace
}  // namespace xpoll::test
