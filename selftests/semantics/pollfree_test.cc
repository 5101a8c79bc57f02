// SPDX-License-Identifier: GPL-2.0-only
// A signalfd is watched through a wait queue of the process that added it. The queue is freed with
// that process, but the file may live on. A fault shows as a KASAN report or a crash, in addition
// to the expectations below.
#include <sys/signalfd.h>
#include <unistd.h>

#include <csignal>

#include "tools/util/descriptors.h"
#include "tools/util/eventfd.h"
#include "tools/util/wait_until.h"
#include "util/each_backend.h"
#include "util/matchers.h"
#include "util/process.h"
#include "util/stress.h"
#include "util/thread.h"
#include "util/waiter.h"
#include "util/watched.h"

namespace xpoll::test {
namespace {

class PollfreeTest : public EachBackend {
 protected:
  void SetUp() override {
    EachBackend::SetUp();
    if (IsSkipped() || HasFatalFailure()) return;
    ep_ = backend_.instance();
  }

  void TearDown() override { pthread_sigmask(SIG_SETMASK, &mask_before_, nullptr); }

  int add_in_child(std::uint32_t events = EPOLLIN) const {
    return backend_.add(ep_.get(), signalfd_.get(), events);
  }

  // Adds a watch in a process that then exits.
  void orphan(std::uint32_t events = EPOLLIN) {
    Process child([&] { return add_in_child(events); });
    ASSERT_THAT(child.join(), SyscallSucceeds());
    ASSERT_EQ(watch_count(ep_.get()), 1U);
  }

  static sigset_t current_mask() {
    sigset_t mask;
    pthread_sigmask(SIG_BLOCK, nullptr, &mask);
    return mask;
  }

  const sigset_t mask_before_ = current_mask();
  unique_fd ep_;
  unique_fd signalfd_ = make_signalfd(SIGUSR1);
};
XPOLL_FOR_EACH_BACKEND(PollfreeTest);

TEST_P(PollfreeTest, SignalOfTheOwnerIsReported) {
  ASSERT_THAT(add_in_child(), SyscallSucceeds());
  EXPECT_THAT(backend_.ready(ep_.get()), NoEvents());
  pthread_kill(pthread_self(), SIGUSR1);
  EXPECT_THAT(backend_.ready(ep_.get()), Events(Event(signalfd_.get(), EPOLLIN)));
  signalfd_siginfo info;
  EXPECT_EQ(read(signalfd_.get(), &info, sizeof(info)), ssize_t{sizeof(info)});
}

TEST_P(PollfreeTest, WaitAfterTheOwnersEndFindsNothing) {
  for (const std::uint32_t trigger : {0U, EPOLLET + 0U, EPOLLONESHOT + 0U}) {
    orphan(EPOLLIN | trigger);
    EXPECT_THAT(backend_.ready(ep_.get()), NoEvents());
    EXPECT_THAT(backend_.ready(ep_.get()), NoEvents());
    EXPECT_THAT(backend_.del(ep_.get(), signalfd_.get()), SyscallSucceeds());
  }
}

TEST_P(PollfreeTest, ExclusiveWatchSurvivesTheOwnersEnd) {
  orphan(EPOLLIN | EPOLLEXCLUSIVE);
  EXPECT_THAT(backend_.ready(ep_.get()), NoEvents());
  EXPECT_THAT(backend_.del(ep_.get(), signalfd_.get()), SyscallSucceeds());
}

TEST_P(PollfreeTest, DelAfterTheOwnersEnd) {
  orphan();
  EXPECT_THAT(backend_.del(ep_.get(), signalfd_.get()), SyscallSucceeds());
  EXPECT_THAT(backend_.add(ep_.get(), signalfd_.get(), EPOLLIN), SyscallSucceeds());
}

TEST_P(PollfreeTest, ModAfterTheOwnersEnd) {
  orphan();
  EXPECT_THAT(backend_.mod(ep_.get(), signalfd_.get(), EPOLLIN | EPOLLET), SyscallSucceeds());
  EXPECT_THAT(backend_.ready(ep_.get()), NoEvents());
}

TEST_P(PollfreeTest, LastCloseAfterTheOwnersEnd) {
  orphan();
  signalfd_.reset();
  EXPECT_THAT(watches_of(ep_.get()), testing::IsEmpty());
  EXPECT_THAT(backend_.ready(ep_.get()), NoEvents());
}

TEST_P(PollfreeTest, CloseOfTheInstanceAfterTheOwnersEnd) {
  orphan();
  ep_.reset();
  EXPECT_THAT(fcntl(signalfd_.get(), F_GETFD), SyscallSucceeds());
}

TEST_P(PollfreeTest, WaiterSleepsOnThroughTheOwnersEnd) {
  const unique_fd eventfd = make_eventfd();
  ASSERT_THAT(backend_.add(ep_.get(), eventfd.get(), EPOLLIN), SyscallSucceeds());
  Process owner([&] { return add_in_child() < 0 ? -1 : pause(); });
  wait_until("the signalfd watched", [&] { return watch_count(ep_.get()) == 2; });
  Waiter waiter(backend_, ep_.get());
  waiter.wait_until_asleep();
  owner.kill_and_reap();
  waiter.wait_until_asleep();
  post(eventfd);
  EXPECT_THAT(waiter.join(), SyscallSucceedsWithValue(1));
  EXPECT_THAT(waiter.events(), Events(Event(eventfd.get(), EPOLLIN)));
}

TEST_P(PollfreeTest, OuterInstanceSurvivesTheOwnersEnd) {
  const unique_fd outer = backend_.instance();
  ASSERT_THAT(backend_.add(outer.get(), ep_.get(), EPOLLIN), SyscallSucceeds());
  orphan();
  EXPECT_THAT(backend_.ready(outer.get()), NoEvents());
}

TEST_P(PollfreeTest, OwnersEndRacesWithDel) {
  for (int round = stress_rounds(100); round > 0; --round) {
    const Pipe go = make_pipe(O_CLOEXEC);
    Process owner([&] {
      char byte;
      if (add_in_child() < 0) return -1;
      return static_cast<int>(read(go.reader.get(), &byte, 1));
    });
    wait_until("the signalfd watched", [&] { return watch_count(ep_.get()) == 1; });
    write_all(go.writer, "x");
    ASSERT_THAT(backend_.del(ep_.get(), signalfd_.get()), SyscallSucceeds());
    ASSERT_THAT(owner.join(), SyscallSucceedsWithValue(1));
  }
}

TEST_P(PollfreeTest, OwnersEndRacesWithTheInstancesClose) {
  for (int round = stress_rounds(100); round > 0; --round) {
    const Pipe go = make_pipe(O_CLOEXEC);
    ep_ = backend_.instance();
    Process owner([&] {
      char byte;
      if (add_in_child() < 0) return -1;
      ep_.reset();
      return static_cast<int>(read(go.reader.get(), &byte, 1));
    });
    wait_until("the signalfd watched", [&] { return watch_count(ep_.get()) == 1; });
    write_all(go.writer, "x");
    ep_.reset();
    ASSERT_THAT(owner.join(), SyscallSucceedsWithValue(1));
  }
}

}  // namespace
}  // namespace xpoll::test
