// SPDX-License-Identifier: GPL-2.0-only
// Threads that are cancelled in a wait for a ready ring.
#include <pthread.h>
#include <unistd.h>
#include <xpoll/xpoll.h>

#include <atomic>

#include "tools/util/descriptors.h"
#include "tools/util/eventfd.h"
#include "tools/util/wait_until.h"
#include "util/each_backend.h"
#include "util/matchers.h"
#include "util/one_processor.h"
#include "util/ring.h"
#include "util/sleep_watch.h"
#include "util/task_state.h"
#include "util/thread.h"

namespace xpoll::test {
namespace {

// A thread that waits without limit, until it is cancelled.
class Victim {
 public:
  explicit Victim(const RingInstance& ring) : ring_(ring) {
    checked(-pthread_create(&thread_, nullptr, wait, this), "pthread_create");
    wait_until("the thread has begun", [&] { return tid_ != 0; });
    wait_until_asleep_in_wait(tid_);
  }
  Victim(const Victim&) = delete;
  Victim& operator=(const Victim&) = delete;

  void cancel() const { pthread_cancel(thread_); }
  // Whether the cancellation ended the wait.
  bool join() const {
    void* end = nullptr;
    pthread_join(thread_, &end);
    return end == PTHREAD_CANCELED;
  }

 private:
  static void* wait(void* argument) {
    auto* self = static_cast<Victim*>(argument);
    self->tid_ = current_tid();
    self->ring_.enter(1, -1);
    return nullptr;
  }

  const RingInstance& ring_;
  std::atomic<pid_t> tid_{0};
  pthread_t thread_{};
};

class RingCancelTest : public XpollOnly {
 protected:
  void SetUp() override {
    XpollOnly::SetUp();
    if (geteuid() != 0) GTEST_SKIP() << "needs root, for a real-time priority";
  }
};

TEST_F(RingCancelTest, EndsASleeper) {
  const RingInstance ring;
  const Victim victim(ring);
  victim.cancel();
  EXPECT_TRUE(victim.join());
}

TEST_F(RingCancelTest, PassesAWakeUpOn) {
  const RingInstance ring;
  const unique_fd eventfd = make_eventfd();
  ASSERT_THAT(ring.add(eventfd, EPOLLIN | EPOLLET), SyscallSucceeds());
  int count = -1;
  Thread other([&] { count = ring.enter(1, -1); });
  const SleepWatch sleep(other.tid());
  {
    const OneProcessor ours;
    // The waiter that went to sleep last is woken first.
    const Victim victim(ring);
    ours.undisturbed([&] {
      post(eventfd);
      EXPECT_TRUE(sleep.undisturbed());
      victim.cancel();
    });
    EXPECT_TRUE(victim.join());
  }
  const bool slept_on = sleep.undisturbed();
  EXPECT_FALSE(slept_on);
  if (slept_on) xpoll_post(ring.get(), 0);
  other.join();
  EXPECT_EQ(count, 1);
  EXPECT_THAT(ring.take(), testing::ElementsAre(RingEvent(eventfd.get(), EPOLLIN)));
}

}  // namespace
}  // namespace xpoll::test
