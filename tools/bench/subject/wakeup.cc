// SPDX-License-Identifier: GPL-2.0-only
// A thread that sleeps in a wait is woken, and wakes its waker in turn. For comparison, a thread
// that sleeps in read(2), without any instance.
#include <atomic>
#include <thread>

#include "each_backend.h"
#include "registry.h"
#include "tools/util/descriptors.h"
#include "tools/util/eventfd.h"
#include "util/kept.h"
#include "util/measure.h"

namespace bench {
namespace {

using xpoll::unique_fd;

constexpr int kOperations = 50;

unique_fd blocking_eventfd() { return xpoll::checked_fd(eventfd(0, EFD_CLOEXEC), "eventfd"); }

/// Not an instance: sleeps in read(2) of its only descriptor.
class Read {
 public:
  static constexpr const char* kName = "read";
  int add(int /*fd*/, std::uint32_t /*events*/) { return 0; }
  int wait(int /*timeout_ms*/) { return 1; }
};

/// The other thread. It creates the instance itself, because io_uring runs completions in the task
/// that submitted.
template <typename Backend>
class Sleeper {
 public:
  Sleeper() : thread_{[this] { answer_until_told(); }} {}
  Sleeper(const Sleeper&) = delete;
  Sleeper& operator=(const Sleeper&) = delete;
  ~Sleeper() {
    stop_ = true;
    xpoll::post(call_);
  }

  void wake_and_wait() {
    xpoll::post(call_);
    xpoll::take(answer_);
  }

 private:
  void answer_until_told() {
    Backend instance;
    xpoll::checked(instance.add(call_.get(), EPOLLIN), "add");
    for (;;) {
      xpoll::checked(instance.wait(-1), "wait");
      xpoll::take(call_);
      if (stop_) return;
      xpoll::post(answer_);
    }
  }

  const unique_fd call_ = blocking_eventfd();
  const unique_fd answer_ = blocking_eventfd();
  std::atomic<bool> stop_{false};
  std::jthread thread_;
};

}  // namespace

void register_wakeup(const Settings& settings) {
  for_backends<Read, Select, Poll, Epoll, Xpoll, Uring>(settings, [&]<typename Backend> {
    add_benchmark(settings, "wakeup", Backend::kName, [=](auto& state) {
      drop_kept_instance();
      Sleeper<Backend> sleeper;
      Measurement(state, settings, kOperations).run([&] {
        for (int call = 0; call < kOperations; ++call) sleeper.wake_and_wait();
      });
    });
  });
}

}  // namespace bench
