// SPDX-License-Identifier: GPL-2.0-only
// Several threads wait on one instance. Each event must reach at least one thread.
#include <atomic>
#include <thread>
#include <vector>

#include "each_backend.h"
#include "registry.h"
#include "tools/util/descriptors.h"
#include "tools/util/eventfd.h"
#include "util/kept.h"
#include "util/measure.h"

namespace bench {
namespace {

constexpr int kEvents = 64;

/// Threads that take events from the instance until the end.
template <typename Backend>
class Crew {
 public:
  Crew(int size, const WatchedSet& set) : set_{set} {
    for (int index = 0; index < kEvents; ++index) {
      xpoll::checked(instance_.add(set_[index], EPOLLIN | EPOLLET), "add");
    }
    // Level-triggered: it stays ready for every thread.
    xpoll::checked(instance_.add(end_.get(), EPOLLIN), "add");
    for (int thread = 0; thread < size; ++thread) threads_.emplace_back([this] { take_events(); });
  }
  Crew(const Crew&) = delete;
  Crew& operator=(const Crew&) = delete;
  ~Crew() { xpoll::post(end_); }

  /// Makes every descriptor readable, and returns once all were read.
  void deliver() {
    const std::int64_t before = taken_.load();
    for (int index = 0; index < kEvents; ++index) set_.make_readable(index);
    posted_ += kEvents;
    for (std::int64_t taken = before; taken < before + kEvents; taken = taken_.load()) {
      taken_.wait(taken);
    }
  }

  [[nodiscard]] std::int64_t delivered() const { return taken_.load(); }
  [[nodiscard]] std::int64_t lost() const { return posted_ - taken_.load(); }

 private:
  void take_events() {
    std::array<epoll_event, kEvents> events;
    for (;;) {
      const int ready = xpoll::checked(instance_.wait(events, -1), "wait");
      for (int index = 0; index < ready; ++index) {
        if (events[index].data.fd == end_.get()) return;
        take(events[index].data.fd);
      }
    }
  }

  void take(int fd) {
    eventfd_t count = 0;
    // Another thread may have received the same event. It has counted the value.
    if (eventfd_read(fd, &count) < 0) return;
    taken_ += static_cast<std::int64_t>(count);
    taken_.notify_one();
  }

  const WatchedSet& set_;
  const xpoll::unique_fd end_ = xpoll::make_eventfd();
  Backend instance_;
  std::int64_t posted_ = 0;
  std::atomic<std::int64_t> taken_{0};
  std::vector<std::jthread> threads_;
};

template <typename Backend>
void run_crew(benchmark::State& state, const Settings& settings, int threads) {
  drop_kept_instance();
  Crew<Backend> crew(threads, kept_set(Kind::kEventfd, kEvents));
  Measurement(state, settings, kEvents).run([&] { crew.deliver(); });
  state.counters["delivered"] = static_cast<double>(crew.delivered());
  state.counters["lost"] = static_cast<double>(crew.lost());
}

}  // namespace

void register_threads(const Settings& every) {
  // Wake-ups settle into one of several patterns, and a short run may see only one of them.
  constexpr int kMoreRounds = 10;
  Settings settings = every;
  settings.rounds *= kMoreRounds;
  for (const int threads : {2, 4, 8}) {
    for_backends<Epoll, Xpoll>(settings, [&]<typename Backend> {
      add_benchmark(
          settings, "threads", Backend::kName,
          [=](auto& state) { run_crew<Backend>(state, settings, threads); }, threads);
    });
  }
}

}  // namespace bench
