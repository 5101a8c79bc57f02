// SPDX-License-Identifier: GPL-2.0-only
// ADD, MOD and DEL of one descriptor in an instance that watches others.
#include <memory>

#include "each_backend.h"
#include "registry.h"
#include "util/kept.h"
#include "util/measure.h"

namespace bench {
namespace {

using xpoll::checked;

constexpr int kOperations = 100;

/// Additional watches, added and removed in each round.
template <typename Backend>
class Batch {
 public:
  Batch(Kind kind, int watched)
      : set_{kept_set(kind, watched + kOperations)},
        first_{watched},
        instance_{kept_instance<Backend>(set_, watched)} {}

  void add() {
    for (int index = 0; index < kOperations; ++index) {
      checked(instance_->add(set_[first_ + index], EPOLLIN), "ADD");
    }
  }
  void modify() {
    for (int index = 0; index < kOperations; ++index) {
      checked(instance_->mod(set_[first_ + index], EPOLLIN | EPOLLRDHUP), "MOD");
    }
  }
  void remove() {
    for (int index = 0; index < kOperations; ++index) {
      checked(instance_->del(set_[first_ + index]), "DEL");
    }
  }
  /// io_uring posts a completion for each request that ended.
  void clear() { checked(instance_->wait(0), "wait"); }

 private:
  const WatchedSet& set_;
  const int first_;
  std::shared_ptr<Backend> instance_;
};

template <typename Backend>
void add_benchmarks(const Settings& settings, Kind kind, int watched) {
  const auto add = [&](const char* operation, auto measured) {
    add_benchmark(
        settings, fmt::format("ctl_{}_{}", operation, kind_name(kind)), Backend::kName,
        [=](benchmark::State& state) {
          Batch<Backend> batch(kind, watched);
          Measurement measurement(state, settings, kOperations);
          measurement.settle_between_rounds();
          measured(measurement, batch);
        },
        watched);
  };
  using B = Batch<Backend>;
  add("add", [](Measurement& measurement, B& batch) {
    measurement.run([] {}, [&] { batch.add(); },
                    [&] {
                      batch.remove();
                      batch.clear();
                    });
  });
  add("mod", [](Measurement& measurement, B& batch) {
    measurement.run([&] { batch.add(); }, [&] { batch.modify(); },
                    [&] {
                      batch.remove();
                      batch.clear();
                    });
  });
  add("del", [](Measurement& measurement, B& batch) {
    measurement.run([&] { batch.add(); }, [&] { batch.remove(); }, [&] { batch.clear(); });
  });
}

}  // namespace

void register_ctl(const Settings& settings) {
  for (const Kind kind : {Kind::kEventfd, Kind::kUnix, Kind::kTcp}) {
    for (const int watched : {1, 1'000, 100'000, 1'000'000}) {
      if (watched + kOperations > settings.descriptors) continue;
      if (watched > 100'000 && kind != Kind::kEventfd) continue;
      // The hooks' cost does not depend on what is watched.
      if (watched > 1'000 && settings.calls) continue;
      for_backends<Epoll, Xpoll, Uring, HookedEpoll, BesideEpoll, XpollCalls>(
          settings, [&]<typename Backend> { add_benchmarks<Backend>(settings, kind, watched); });
    }
  }
}

}  // namespace bench
