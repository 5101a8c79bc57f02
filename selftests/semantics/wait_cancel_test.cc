// SPDX-License-Identifier: GPL-2.0-only
// Cancellation of a waiting thread.
#include <gmock/gmock.h>
#include <pthread.h>
#include <sys/epoll.h>

#include <atomic>
#include <thread>

#include "tools/util/backend.h"
#include "tools/util/descriptors.h"
#include "tools/util/eventfd.h"
#include "tools/util/wait_until.h"
#include "util/each_backend.h"
#include "util/matchers.h"
#include "util/task_state.h"

namespace xpoll::test {
namespace {

using WaitCall = int (*)(Backend backend, int epfd, epoll_event* event);

constexpr WaitCall kWaits[] = {
    [](Backend backend, int epfd, epoll_event* event) { return backend.wait(epfd, event, 1, -1); },
    [](Backend backend, int epfd, epoll_event* event) {
      return backend.pwait(epfd, event, 1, -1, nullptr);
    },
    [](Backend backend, int epfd, epoll_event* event) {
      return backend.pwait2(epfd, event, 1, nullptr, nullptr);
    },
};

// Results of a thread that is cancelled.
struct Story {
  Backend backend;
  int epfd;
  WaitCall wait = kWaits[0];
  std::atomic<pid_t> tid{0};
  std::atomic<bool> cleaned{false};
  std::atomic<bool> returned{false};
  std::atomic<int> created{-1};
};

void set_flag(void* flag) { *static_cast<std::atomic<bool>*>(flag) = true; }

void* wait_once(void* argument) {
  auto* story = static_cast<Story*>(argument);
  epoll_event event{};
  pthread_cleanup_push(set_flag, &story->cleaned);
  story->tid = current_tid();
  story->wait(story->backend, story->epfd, &event);
  story->returned = true;
  pthread_cleanup_pop(false);
  return nullptr;
}

void* wait_cancelled(void* argument) {
  pthread_cancel(pthread_self());
  return wait_once(argument);
}

void* create_cancelled(void* argument) {
  auto* story = static_cast<Story*>(argument);
  pthread_cancel(pthread_self());
  story->created = story->backend.create1(EPOLL_CLOEXEC);
  pthread_testcancel();
  return nullptr;
}

class WaitCancel : public EachBackend {
 protected:
  void start(void* (*body)(void*), Story* story) {
    ASSERT_EQ(pthread_create(&thread_, nullptr, body, story), 0);
  }

  void expect_cancelled() {
    void* end = nullptr;
    ASSERT_EQ(pthread_join(thread_, &end), 0);
    EXPECT_EQ(end, PTHREAD_CANCELED);
  }

  pthread_t thread_{};
};

TEST_P(WaitCancel, EndsASleeper) {
  const unique_fd ep = backend_.instance();
  for (const WaitCall wait : kWaits) {
    Story story{.backend = backend_, .epfd = ep.get(), .wait = wait};
    start(wait_once, &story);
    wait_until("the thread has begun", [&] { return story.tid != 0; });
    wait_until_asleep_in_wait(story.tid);
    ASSERT_EQ(pthread_cancel(thread_), 0);
    expect_cancelled();
    EXPECT_TRUE(story.cleaned);
    EXPECT_FALSE(story.returned);
  }
}

// Asynchronous cancellation is only safe during the wait: elsewhere it could hit any instruction.
TEST_P(WaitCancel, IsDeferredAgainAfterTheWait) {
  const unique_fd ep = backend_.instance();
  const unique_fd source = make_eventfd(1);
  ASSERT_THAT(backend_.add(ep.get(), source.get(), EPOLLIN), SyscallSucceeds());
  for (const WaitCall wait : kWaits) {
    int type = -1;
    std::thread waiter([&] {
      epoll_event event{};
      wait(backend_, ep.get(), &event);
      pthread_setcanceltype(PTHREAD_CANCEL_DEFERRED, &type);
    });
    waiter.join();
    EXPECT_EQ(type, PTHREAD_CANCEL_DEFERRED);
  }
}

TEST_P(WaitCancel, ThatCameBeforeEndsAWaitThatWouldNotSleep) {
  const unique_fd ep = backend_.instance();
  const unique_fd source = make_eventfd(1);
  ASSERT_THAT(backend_.add(ep.get(), source.get(), EPOLLIN), SyscallSucceeds());
  for (const WaitCall wait : kWaits) {
    Story story{.backend = backend_, .epfd = ep.get(), .wait = wait};
    start(wait_cancelled, &story);
    expect_cancelled();
    EXPECT_TRUE(story.cleaned);
    EXPECT_FALSE(story.returned);
  }
}

TEST_P(WaitCancel, DoesNotEndCreate) {
  Story story{.backend = backend_, .epfd = -1};
  start(create_cancelled, &story);
  expect_cancelled();
  const unique_fd created(story.created);
  EXPECT_TRUE(created.valid());
}

XPOLL_FOR_EACH_BACKEND(WaitCancel);

}  // namespace
}  // namespace xpoll::test
