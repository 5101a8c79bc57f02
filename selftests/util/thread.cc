// SPDX-License-Identifier: GPL-2.0-only
#include "thread.h"

#include <pthread.h>

#include <csignal>
#include <future>
#include <system_error>
#include <utility>

#include "task_state.h"
#include "tools/util/checked.h"

namespace xpoll::test {
namespace {

constexpr int kRescueSignal = SIGPROF;

// Without SA_RESTART. The handler stays installed, because the signal may arrive late.
void catch_rescue_signal() {
  struct sigaction action {};
  action.sa_handler = [](int) {};
  checked(sigaction(kRescueSignal, &action, nullptr), "sigaction");
}

}  // namespace

Thread::Thread(std::function<void()> body) {
  std::promise<pid_t> started;
  thread_ = std::jthread([this, &started, body = std::move(body)] {
    started.set_value(current_tid());
    try {
      body();
    } catch (...) {
      failure_ = std::current_exception();
    }
  });
  tid_ = started.get_future().get();
}

void Thread::wait_until_asleep_in_wait() const { xpoll::test::wait_until_asleep_in_wait(tid_); }

void Thread::signal(int number) {
  if (const int error = pthread_kill(thread_.native_handle(), number))
    throw std::system_error(error, std::generic_category(), "pthread_kill");
}

void Thread::interrupt_until(const std::atomic<bool>& returned) {
  if (returned) return;
  catch_rescue_signal();
  while (!returned) {
    signal(kRescueSignal);
    std::this_thread::yield();
  }
}

void Thread::join() {
  thread_.join();
  if (failure_) std::rethrow_exception(std::exchange(failure_, nullptr));
}

}  // namespace xpoll::test
