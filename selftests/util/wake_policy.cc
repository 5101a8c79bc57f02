// SPDX-License-Identifier: GPL-2.0-only
#include "wake_policy.h"

#include <sys/eventfd.h>

#include <algorithm>
#include <stdexcept>

#include "raw.h"
#include "task_state.h"
#include "tools/util/eventfd.h"
#include "tools/util/wait_until.h"

namespace xpoll::test {
namespace {

// Returns -1 if none has returned.
int returned_one(const Workers& workers) {
  for (std::size_t i = 0; i < workers.size(); ++i)
    if (workers[i] && workers[i]->returned()) return static_cast<int>(i);
  return -1;
}

void watch_all_anew(const Workers& workers) {
  for (const std::unique_ptr<Worker>& worker : workers)
    if (worker) worker->watch_anew();
}

void expect_undisturbed_but(int taken, const Workers& workers) {
  for (std::size_t i = 0; i < workers.size(); ++i)
    if (workers[i] && static_cast<int>(i) != taken)
      EXPECT_FALSE(workers[i]->disturbed()) << "worker " << i << ", event of " << taken;
}

}  // namespace

Worker::Worker(int epfd, int eventfd, std::uint32_t number)
    : thread_([=, this] {
        epoll_event event{};
        struct xpoll_wait wait = wait_arguments(&event, 1);
        wait.timeout_ns = -1;
        wait.worker = number;
        result_ = ioctl(epfd, XPOLL_IOC_WAIT, &wait);
        eventfd_t count = 0;
        if (result_ == 1 && eventfd >= 0) eventfd_read(eventfd, &count);
        returned_ = true;
      }),
      asleep_(tid_once_asleep()) {}

pid_t Worker::tid_once_asleep() {
  const auto is_asleep = [this] {
    if (returned_) throw std::logic_error("a worker returned, by an event that was left over");
    return is_asleep_in_wait(tid());
  };
  try {
    wait_until("a worker asleep", is_asleep);
  } catch (...) {
    thread_.interrupt_until(returned_);
    throw;
  }
  return tid();
}

int WakePolicyTest::set(int fd, xpoll_wake wake) { return ioctl(fd, XPOLL_IOC_WAKE, &wake); }

int WakePolicyTest::set_policy(int fd, std::uint32_t policy, std::uint64_t heartbeat_ns) {
  return set(fd, {.policy = policy, .prog_fd = 0, .heartbeat_ns = heartbeat_ns, .reserved = {}});
}

int WakePolicyTest::set_program(int fd, int program, std::uint64_t heartbeat_ns) {
  return set(
      fd,
      {.policy = XPOLL_WAKE_BPF, .prog_fd = program, .heartbeat_ns = heartbeat_ns, .reserved = {}});
}

int WakePolicyTest::taker(Workers& workers, const std::function<void()>& send) {
  watch_all_anew(workers);
  send();
  int taken = -1;
  wait_until("a worker takes the event", [&] { return (taken = returned_one(workers)) >= 0; });
  workers[taken]->join();
  EXPECT_EQ(workers[taken]->result(), 1);
  expect_undisturbed_but(taken, workers);
  return taken;
}

int WakePolicyTest::taker(Workers& workers, const unique_fd& eventfd) {
  return taker(workers, [&] { post(eventfd); });
}

void WakePolicyTest::finish(Workers& workers, const unique_fd& eventfd) {
  const auto waits = [](const std::unique_ptr<Worker>& worker) { return worker != nullptr; };
  while (std::any_of(workers.begin(), workers.end(), waits))
    workers[taker(workers, eventfd)] = nullptr;
}

void WakePolicyTest::edge_watch(int ep, const unique_fd& file, std::uint32_t events) {
  const epoll_event event{.events = EPOLLIN | EPOLLET | events,
                          .data = {.u64 = static_cast<std::uint64_t>(file.get())}};
  const struct xpoll_ctl ctl = ctl_arguments(EPOLL_CTL_ADD, file.get(), &event);
  checked(ioctl(ep, XPOLL_IOC_CTL, &ctl), "add");
}

}  // namespace xpoll::test
