// SPDX-License-Identifier: GPL-2.0-only
// A wait whose array is not writable, entirely or from some element on.
#include <vector>

#include "tools/util/descriptors.h"
#include "util/each_backend.h"
#include "util/guarded_memory.h"
#include "util/matchers.h"

namespace xpoll::test {
namespace {

constexpr std::uint32_t kTriggers[] = {0, EPOLLET, EPOLLONESHOT, EPOLLET | EPOLLONESHOT};

class WaitFault : public EachBackend {
 protected:
  // Watches readable eventfds, in this order.
  std::vector<unique_fd> add_ready(const unique_fd& ep, int count, std::uint32_t trigger) {
    std::vector<unique_fd> fds;
    for (int i = 0; i < count; ++i) {
      fds.push_back(make_eventfd(1));
      EXPECT_THAT(backend_.add(ep.get(), fds.back().get(), EPOLLIN | trigger, i),
                  SyscallSucceeds());
    }
    return fds;
  }

  // An array whose first k elements are writable and whose k-th element is not.
  epoll_event* array_broken_at(std::size_t k) const { return memory_.last<epoll_event>(k); }

  const GuardedMemory memory_;
};
XPOLL_FOR_EACH_BACKEND(WaitFault);

TEST_P(WaitFault, UnwritableArrayIsNoErrorWithNothingToDeliver) {
  const unique_fd ep = backend_.instance();
  EXPECT_THAT(backend_.wait(ep.get(), array_broken_at(0), 8, 0), SyscallSucceedsWithValue(0));
  EXPECT_THAT(backend_.wait(ep.get(), array_broken_at(0), 8, 1), SyscallSucceedsWithValue(0));
  EXPECT_THAT(backend_.wait(ep.get(), nullptr, 8, 0), SyscallSucceedsWithValue(0));
}

TEST_P(WaitFault, UnwritableArrayIsNoErrorWithAnItemThatTurnsOutNotReady) {
  const unique_fd ep = backend_.instance();
  const unique_fd eventfd = make_eventfd(1);
  ASSERT_THAT(backend_.add(ep.get(), eventfd.get(), EPOLLIN), SyscallSucceeds());
  drain(eventfd);
  EXPECT_THAT(backend_.wait(ep.get(), array_broken_at(0), 8, 0), SyscallSucceedsWithValue(0));
}

TEST_P(WaitFault, AtTheFirstEventIsEfaultAndTheItemStaysArmed) {
  for (const std::uint32_t trigger : kTriggers) {
    const unique_fd ep = backend_.instance();
    const auto fds = add_ready(ep, 1, trigger);
    EXPECT_THAT(backend_.wait(ep.get(), array_broken_at(0), 8, 0), SyscallFailsWithErrno(EFAULT));
    EXPECT_THAT(backend_.wait(ep.get(), array_broken_at(0), 8, -1), SyscallFailsWithErrno(EFAULT));
    EXPECT_THAT(backend_.ready(ep.get()), Events(Event(0, EPOLLIN))) << "trigger " << trigger;
  }
}

TEST_P(WaitFault, AtTheFirstEventKeepsTheOrder) {
  for (const std::uint32_t trigger : kTriggers) {
    const unique_fd ep = backend_.instance();
    const auto fds = add_ready(ep, 3, trigger);
    EXPECT_THAT(backend_.wait(ep.get(), array_broken_at(0), 8, 0), SyscallFailsWithErrno(EFAULT));
    EXPECT_THAT(backend_.ready(ep.get()),
                Events(Event(0, EPOLLIN), Event(1, EPOLLIN), Event(2, EPOLLIN)))
        << "trigger " << trigger;
  }
}

TEST_P(WaitFault, AtALaterEventReturnsTheEventsBeforeIt) {
  for (const std::uint32_t trigger : kTriggers) {
    const unique_fd ep = backend_.instance();
    const auto fds = add_ready(ep, 4, trigger);
    epoll_event* events = array_broken_at(2);
    ASSERT_THAT(backend_.wait(ep.get(), events, 8, 0), SyscallSucceedsWithValue(2));
    EXPECT_THAT(events[0], Event(0, EPOLLIN));
    EXPECT_THAT(events[1], Event(1, EPOLLIN));
  }
}

TEST_P(WaitFault, FaultingItemIsTheFirstOfTheNextWait) {
  for (const std::uint32_t trigger : {EPOLLET, EPOLLONESHOT}) {
    const unique_fd ep = backend_.instance();
    const auto fds = add_ready(ep, 4, trigger);
    ASSERT_THAT(backend_.wait(ep.get(), array_broken_at(2), 8, 0), SyscallSucceedsWithValue(2));
    EXPECT_THAT(backend_.ready(ep.get()), Events(Event(2, EPOLLIN), Event(3, EPOLLIN)))
        << "trigger " << trigger;
    EXPECT_THAT(backend_.ready(ep.get()), NoEvents()) << "trigger " << trigger;
  }
}

TEST_P(WaitFault, LevelItemsDeliveredBeforeTheFaultComeLast) {
  const unique_fd ep = backend_.instance();
  const auto fds = add_ready(ep, 4, 0);
  ASSERT_THAT(backend_.wait(ep.get(), array_broken_at(2), 8, 0), SyscallSucceedsWithValue(2));
  EXPECT_THAT(backend_.ready(ep.get()),
              Events(Event(2, EPOLLIN), Event(3, EPOLLIN), Event(0, EPOLLIN), Event(1, EPOLLIN)));
}

TEST_P(WaitFault, ArrayThatIsLargeEnoughForWhatIsReadyIsNoError) {
  const unique_fd ep = backend_.instance();
  const auto fds = add_ready(ep, 2, 0);
  EXPECT_THAT(backend_.wait(ep.get(), array_broken_at(2), 8, 0), SyscallSucceedsWithValue(2));
}

TEST_P(WaitFault, EventThatIsWritableInPartIsNotDelivered) {
  // The event mask fits into the writable part, the data does not.
  const unique_fd ep = backend_.instance();
  const auto fds = add_ready(ep, 1, EPOLLET);
  auto* straddling = memory_.cut_after<epoll_event>(sizeof(epoll_event::events));
  EXPECT_THAT(backend_.wait(ep.get(), straddling, 8, 0), SyscallFailsWithErrno(EFAULT));
  EXPECT_THAT(backend_.ready(ep.get()), Events(Event(0, EPOLLIN)));
}

}  // namespace
}  // namespace xpoll::test
