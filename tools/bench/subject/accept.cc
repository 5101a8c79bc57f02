// SPDX-License-Identifier: GPL-2.0-only
// Connections arrive one at a time while all workers sleep: which worker accepts them, and at what
// cost. The workers share one instance, or each has its own with EPOLLEXCLUSIVE.
#include <algorithm>
#include <array>
#include <atomic>
#include <memory>
#include <numeric>
#include <thread>
#include <vector>

#include "each_backend.h"
#include "registry.h"
#include "tools/util/descriptors.h"
#include "tools/util/eventfd.h"
#include "tools/util/sockets.h"
#include "util/kept.h"
#include "util/measure.h"

namespace bench {
namespace {

constexpr int kWorkers = 8;
constexpr int kConnections = 16;

enum class Sharing { kOneInstance, kExclusive };

template <typename Backend>
class Workers {
 public:
  explicit Workers(Sharing sharing) {
    const int instances = sharing == Sharing::kOneInstance ? 1 : kWorkers;
    const std::uint32_t events =
        sharing == Sharing::kExclusive ? EPOLLIN | EPOLLEXCLUSIVE : EPOLLIN;
    for (int number = 0; number < instances; ++number) {
      auto& instance = *instances_.emplace_back(std::make_unique<Backend>());
      xpoll::checked(instance.add(listener_.get(), events), "add");
      xpoll::checked(instance.add(end_.get(), EPOLLIN), "add");
    }
    for (int worker = 0; worker < kWorkers; ++worker) {
      threads_.emplace_back([this, worker] { accept_until_end(worker); });
    }
  }
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;
  ~Workers() { xpoll::post(end_); }

  void connect_one_by_one() {
    for (int connection = 0; connection < kConnections; ++connection) {
      const int before = total_.load();
      const xpoll::unique_fd client = listener_.connect();
      total_.wait(before);
    }
  }

  /// Share of the busiest worker: 1 / kWorkers if all get the same, 1 if one worker gets all.
  [[nodiscard]] double busiest_share() const {
    return static_cast<double>(*std::ranges::max_element(accepted_)) / total_;
  }
  [[nodiscard]] double wakeups_each() const { return static_cast<double>(wakeups_) / total_; }

 private:
  void accept_until_end(int worker) {
    Backend& instance = *instances_[worker % instances_.size()];
    std::array<epoll_event, 2> events;
    for (;;) {
      const int ready = xpoll::checked(instance.wait(events, -1), "wait");
      for (int index = 0; index < ready; ++index) {
        if (events[index].data.fd == end_.get()) return;
      }
      accept_one(worker);
    }
  }

  void accept_one(int worker) {
    ++wakeups_;
    const xpoll::unique_fd connection(accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
    if (!connection.valid()) return;
    ++accepted_[worker];
    ++total_;
    total_.notify_one();
  }

  const xpoll::TcpListener listener_;
  const xpoll::unique_fd end_ = xpoll::make_eventfd();
  std::vector<std::unique_ptr<Backend>> instances_;
  std::array<int, kWorkers> accepted_{};  // each counter has one writer
  std::atomic<int> total_{0};
  std::atomic<int> wakeups_{0};
  std::vector<std::jthread> threads_;
};

template <typename Backend>
void run_workers(benchmark::State& state, const Settings& settings, Sharing sharing) {
  drop_kept_instance();
  Workers<Backend> workers(sharing);
  Measurement(state, settings, kConnections).run([&] { workers.connect_one_by_one(); });
  state.counters["busiest_share"] = workers.busiest_share();
  state.counters["wakeups_each"] = workers.wakeups_each();
}

}  // namespace

void register_accept(const Settings& settings) {
  for (const auto& [subject, sharing] : {std::pair{"accept_shared", Sharing::kOneInstance},
                                         std::pair{"accept_exclusive", Sharing::kExclusive}}) {
    for_backends<Epoll, Xpoll>(settings, [&, name = subject, how = sharing]<typename Backend> {
      add_benchmark(
          settings, name, Backend::kName,
          [=](auto& state) { run_workers<Backend>(state, settings, how); }, kWorkers);
    });
  }
}

}  // namespace bench
