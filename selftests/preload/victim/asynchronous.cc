// SPDX-License-Identifier: GPL-2.0-only
// Calls from signal handlers and threads, and cancelled waits.
#include <pthread.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <csignal>
#include <ctime>
#include <thread>
#include <vector>

#include "modes.h"
#include "tools/util/checked.h"
#include "tools/util/wait_until.h"
#include "transcript.h"
#include "util/task_state.h"

namespace victim {
namespace {

using xpoll::checked;
using xpoll::checked_fd;
using xpoll::unique_fd;

volatile sig_atomic_t handled = 0;
int watched = -1;

void use_epoll(int) {
  const int error = errno;
  const int epfd = epoll_create1(EPOLL_CLOEXEC);
  epoll_event event{};
  event.events = EPOLLIN;
  epoll_ctl(epfd, EPOLL_CTL_ADD, watched, &event);
  handled = handled + epoll_wait(epfd, &event, 1, -1);
  close(epfd);
  errno = error;
}

using Wait = int (*)(int epfd, epoll_event* event);
constexpr Wait kWaits[] = {
    [](int epfd, epoll_event* event) { return epoll_wait(epfd, event, 1, -1); },
    [](int epfd, epoll_event* event) { return epoll_pwait(epfd, event, 1, -1, nullptr); },
    [](int epfd, epoll_event* event) { return epoll_pwait2(epfd, event, 1, nullptr, nullptr); },
};

struct Sleeper {
  Wait wait;
  int epfd;
  std::atomic<pid_t> tid{0};
  std::atomic<bool> cleaned{false};
};

void* sleep(void* argument) {
  auto* sleeper = static_cast<Sleeper*>(argument);
  pthread_cleanup_push([](void* flag) { *static_cast<std::atomic<bool>*>(flag) = true; },
                       &sleeper->cleaned);
  epoll_event event{};
  sleeper->tid = xpoll::test::current_tid();
  sleeper->wait(sleeper->epfd, &event);
  pthread_cleanup_pop(false);
  return nullptr;
}

void cancel_in(Wait wait, int epfd) {
  Sleeper sleeper{.wait = wait, .epfd = epfd};
  pthread_t thread{};
  pthread_create(&thread, nullptr, sleep, &sleeper);
  xpoll::wait_until("the thread has begun", [&] { return sleeper.tid != 0; });
  xpoll::test::wait_until_asleep_in_wait(sleeper.tid);
  pthread_cancel(thread);
  void* result = nullptr;
  pthread_join(thread, &result);
  std::printf("cancelled: %d, cleaned up: %d\n", result == PTHREAD_CANCELED,
              sleeper.cleaned.load());
}

}  // namespace

int in_handler(const Arguments&) {
  const unique_fd source = checked_fd(eventfd(1, 0), "eventfd");
  watched = source.get();
  struct sigaction action {};
  action.sa_handler = use_epoll;
  checked(sigaction(SIGUSR1, &action, nullptr), "sigaction");
  constexpr int kTimes = 100;
  for (int i = 0; i < kTimes; ++i) std::raise(SIGUSR1);
  tell("events in the handler", [] { return static_cast<long>(handled); });
  return 0;
}

int in_threads(const Arguments&) {
  constexpr int kThreads = 4;
  constexpr int kRounds = 50;
  std::atomic<int> events = 0;
  std::vector<std::jthread> threads;
  for (int i = 0; i < kThreads; ++i)
    threads.emplace_back([&events] {
      for (int round = 0; round < kRounds; ++round) {
        const unique_fd epfd = checked_fd(epoll_create1(EPOLL_CLOEXEC), "create1");
        const unique_fd source = checked_fd(eventfd(1, EFD_CLOEXEC), "eventfd");
        epoll_event event = make_event(EPOLLIN, 1);
        checked(epoll_ctl(epfd.get(), EPOLL_CTL_ADD, source.get(), &event), "ctl");
        events += epoll_wait(epfd.get(), &event, 1, -1);
      }
    });
  threads.clear();
  tell("events in threads", [&] { return static_cast<long>(events); });
  return 0;
}

int cancelled(const Arguments&) {
  const unique_fd epfd = checked_fd(epoll_create1(EPOLL_CLOEXEC), "create1");
  for (const Wait wait : kWaits) cancel_in(wait, epfd.get());
  return 0;
}

}  // namespace victim
