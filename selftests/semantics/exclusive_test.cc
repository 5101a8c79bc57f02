// SPDX-License-Identifier: GPL-2.0-only
// EPOLLEXCLUSIVE: how many of several instances that watch one file get an event. A wait with
// timeout 0 shows whether an instance was woken, since it does not poll items that no wake-up
// queued.
#include <fcntl.h>
#include <poll.h>
#include <sys/inotify.h>

#include <list>
#include <vector>

#include "tools/util/descriptors.h"
#include "tools/util/eventfd.h"
#include "tools/util/sockets.h"
#include "tools/util/wait_until.h"
#include "util/each_backend.h"
#include "util/matchers.h"
#include "util/sleep_watch.h"
#include "util/tcp_state.h"
#include "util/thread.h"
#include "util/waiter.h"

namespace xpoll::test {
namespace {

constexpr int kInstances = 4;

class ExclusiveTest : public EachBackend {
 protected:
  // Instances that watch the file with EPOLLEXCLUSIVE, in this order on its wait queue.
  std::vector<unique_fd> watch_from_many(int fd, std::uint32_t events, int count = kInstances) {
    std::vector<unique_fd> instances;
    for (int i = 0; i < count; ++i) {
      instances.push_back(backend_.instance());
      EXPECT_THAT(backend_.add(instances.back().get(), fd, events | EPOLLEXCLUSIVE),
                  SyscallSucceeds());
    }
    return instances;
  }

  std::vector<bool> told(const std::vector<unique_fd>& instances) const {
    std::vector<bool> result;
    for (const unique_fd& ep : instances) result.push_back(!backend_.ready(ep.get()).empty());
    return result;
  }
};
XPOLL_FOR_EACH_BACKEND(ExclusiveTest);

TEST_P(ExclusiveTest, DeliversLikeAnyOtherItem) {
  const unique_fd ep = backend_.instance();
  const TcpPair pair = tcp_pair();
  ASSERT_THAT(backend_.add(ep.get(), pair.server.get(), EPOLLIN | EPOLLEXCLUSIVE),
              SyscallSucceeds());
  write_all(pair.client, "x");
  EXPECT_THAT(backend_.ready(ep.get(), -1), Events(Event(pair.server.get(), EPOLLIN)));
  EXPECT_THAT(backend_.ready(ep.get()), Events(Event(pair.server.get(), EPOLLIN)));
  drain(pair.server);
  EXPECT_THAT(backend_.ready(ep.get()), NoEvents());
}

TEST_P(ExclusiveTest, EdgeTriggeredReportsOnce) {
  const unique_fd ep = backend_.instance();
  const unique_fd eventfd = make_eventfd();
  ASSERT_THAT(backend_.add(ep.get(), eventfd.get(), EPOLLIN | EPOLLET | EPOLLEXCLUSIVE),
              SyscallSucceeds());
  post(eventfd);
  EXPECT_THAT(backend_.ready(ep.get()), Events(Event(eventfd.get(), EPOLLIN)));
  EXPECT_THAT(backend_.ready(ep.get()), NoEvents());
}

TEST_P(ExclusiveTest, ConnectionWakesOneWaiterOfManyInstances) {
  const TcpListener listener;
  const std::vector<unique_fd> instances = watch_from_many(listener.get(), EPOLLIN);
  std::list<Waiter> waiters;
  std::vector<SleepWatch> sleeps;
  for (const unique_fd& ep : instances)
    sleeps.emplace_back(waiters.emplace_back(backend_, ep.get()).tid());
  const unique_fd first = listener.connect();
  EXPECT_THAT(waiters.front().join(), SyscallSucceedsWithValue(1));
  EXPECT_THAT(waiters.front().events(), Events(Event(listener.get(), EPOLLIN)));
  for (int i = 1; i < kInstances; ++i) EXPECT_TRUE(sleeps[i].undisturbed()) << i;
  // Each further connection wakes the next instance that still waits.
  std::vector<unique_fd> more;
  for (auto waiter = std::next(waiters.begin()); waiter != waiters.end(); ++waiter) {
    more.push_back(listener.connect());
    EXPECT_THAT(waiter->join(), SyscallSucceedsWithValue(1));
  }
}

TEST_P(ExclusiveTest, WithoutWaitersEveryInstanceIsTold) {
  const unique_fd eventfd = make_eventfd();
  const std::vector<unique_fd> instances = watch_from_many(eventfd.get(), EPOLLIN);
  post(eventfd);
  EXPECT_THAT(told(instances), testing::ElementsAre(true, true, true, true));
}

TEST_P(ExclusiveTest, InstancesAfterTheOneWithAWaiterAreNotTold) {
  const unique_fd eventfd = make_eventfd();
  const std::vector<unique_fd> instances = watch_from_many(eventfd.get(), EPOLLIN);
  Waiter waiter(backend_, instances[1].get());
  waiter.wait_until_asleep();
  post(eventfd);
  EXPECT_THAT(waiter.join(), SyscallSucceedsWithValue(1));
  EXPECT_THAT(told(instances), testing::ElementsAre(true, true, false, false));
}

TEST_P(ExclusiveTest, PollerOfAnInstanceDoesNotCountAsAWaiter) {
  const unique_fd eventfd = make_eventfd();
  const std::vector<unique_fd> instances = watch_from_many(eventfd.get(), EPOLLIN);
  int polled = 0;
  Thread poller([&] {
    pollfd request{.fd = instances[0].get(), .events = POLLIN, .revents = 0};
    polled = poll(&request, 1, -1);
  });
  poller.wait_until_asleep_in_wait();
  post(eventfd);
  poller.join();
  EXPECT_EQ(polled, 1);
  EXPECT_THAT(told(instances), testing::ElementsAre(true, true, true, true));
}

TEST_P(ExclusiveTest, NonExclusiveWatchesAreToldAsWell) {
  const unique_fd eventfd = make_eventfd();
  const std::vector<unique_fd> exclusive = watch_from_many(eventfd.get(), EPOLLIN);
  const unique_fd plain = backend_.instance();
  ASSERT_THAT(backend_.add(plain.get(), eventfd.get(), EPOLLIN), SyscallSucceeds());
  Waiter waiter(backend_, exclusive[0].get());
  waiter.wait_until_asleep();
  post(eventfd);
  EXPECT_THAT(waiter.join(), SyscallSucceedsWithValue(1));
  EXPECT_THAT(told(exclusive), testing::ElementsAre(true, false, false, false));
  EXPECT_THAT(backend_.ready(plain.get()), Events(Event(eventfd.get(), EPOLLIN)));
}

TEST_P(ExclusiveTest, NonExclusiveWaiterDoesNotEndTheWake) {
  const unique_fd eventfd = make_eventfd();
  const unique_fd plain = backend_.instance();
  ASSERT_THAT(backend_.add(plain.get(), eventfd.get(), EPOLLIN), SyscallSucceeds());
  const std::vector<unique_fd> exclusive = watch_from_many(eventfd.get(), EPOLLIN);
  Waiter waiter(backend_, plain.get());
  waiter.wait_until_asleep();
  post(eventfd);
  EXPECT_THAT(waiter.join(), SyscallSucceedsWithValue(1));
  EXPECT_THAT(told(exclusive), testing::ElementsAre(true, true, true, true));
}

TEST_P(ExclusiveTest, WakeForTheOtherDirectionPassesAnInstanceBy) {
  // The instance that watches for reading has a waiter too, but EPOLLOUT does not concern it.
  const unique_fd eventfd = make_eventfd(1);
  const std::vector<unique_fd> readers = watch_from_many(eventfd.get(), EPOLLIN | EPOLLET, 1);
  ASSERT_THAT(told(readers), testing::ElementsAre(true));
  const std::vector<unique_fd> writers = watch_from_many(eventfd.get(), EPOLLOUT | EPOLLET, 2);
  ASSERT_THAT(told(writers), testing::ElementsAre(true, true));
  Waiter reader(backend_, readers[0].get());
  const SleepWatch reader_sleep(reader.tid());
  Waiter writer(backend_, writers[0].get());
  writer.wait_until_asleep();
  take(eventfd);
  EXPECT_THAT(writer.join(), SyscallSucceedsWithValue(1));
  EXPECT_TRUE(reader_sleep.undisturbed());
  EXPECT_THAT(told(writers), testing::ElementsAre(false, false));
  post(eventfd);
  EXPECT_THAT(reader.join(), SyscallSucceedsWithValue(1));
}

TEST_P(ExclusiveTest, WakeWithoutAKeyCounts) {
  const unique_fd inotify = checked_fd(inotify_init1(IN_CLOEXEC | IN_NONBLOCK), "inotify_init1");
  checked(inotify_add_watch(inotify.get(), "/proc/self", IN_OPEN | IN_ONLYDIR),
          "inotify_add_watch");
  const std::vector<unique_fd> instances = watch_from_many(inotify.get(), EPOLLIN);
  Waiter waiter(backend_, instances[0].get());
  waiter.wait_until_asleep();
  const unique_fd opened =
      checked_fd(open("/proc/self", O_RDONLY | O_DIRECTORY | O_CLOEXEC), "open");
  EXPECT_THAT(waiter.join(), SyscallSucceedsWithValue(1));
  EXPECT_THAT(told(instances), testing::ElementsAre(true, false, false, false));
}

}  // namespace
}  // namespace xpoll::test
