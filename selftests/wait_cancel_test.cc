// SPDX-License-Identifier: GPL-2.0-only
// Cancellation of a thread that waits.
#include <gmock/gmock.h>
#include <pthread.h>
#include <sys/epoll.h>

#include <atomic>

#include "util/backend.h"
#include "util/descriptors.h"
#include "util/each_backend.h"
#include "util/eventfd.h"
#include "util/matchers.h"
#include "util/task_state.h"
#include "util/wait_until.h"

namespace xpoll_test {
namespace {

// What a thread that waits once and then lets itself be cancelled knows and tells.
struct Wait {
  Backend backend;
  int epfd;
  std::atomic<pid_t> tid{0};
  std::atomic<int> result{-2};
};

void* waitOnce(void* argument) {
  auto* wait = static_cast<Wait*>(argument);
  epoll_event event{};
  wait->tid = currentTid();
  wait->result = wait->backend.wait(wait->epfd, &event, 1, -1);
  pthread_testcancel();
  return nullptr;
}

class WaitCancel : public EachBackend {};

TEST_P(WaitCancel, CancelledSleeperEndsAtOnceOnNativeAndTakesItsEventFirstOnXpoll) {
  const Fd ep = backend_.instance();
  const Fd source = makeEventfd();
  ASSERT_THAT(backend_.add(ep.get(), source.get(), EPOLLIN), SyscallSucceeds());
  Wait wait{.backend = backend_, .epfd = ep.get()};
  pthread_t thread{};
  ASSERT_EQ(pthread_create(&thread, nullptr, waitOnce, &wait), 0);
  waitUntil("the thread has begun", [&] { return wait.tid != 0; });
  waitUntilAsleepInWait(wait.tid);

  ASSERT_EQ(pthread_cancel(thread), 0);
  const bool outlives = differs(backend_, Difference::kWaitIsNoCancellationPoint);
  if (outlives) {
    waitUntilAsleepInWait(wait.tid);
    post(source);
  }

  void* end = nullptr;
  ASSERT_EQ(pthread_join(thread, &end), 0);
  EXPECT_EQ(end, PTHREAD_CANCELED);
  EXPECT_EQ(wait.result, outlives ? 1 : -2);
}

XPOLL_FOR_EACH_BACKEND(WaitCancel);

}  // namespace
}  // namespace xpoll_test
