// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <benchmark/benchmark.h>

#include <vector>

#include "clock.h"
#include "profile/mark.h"
#include "settings.h"

namespace bench {

/// Turns the times of rounds, each with the same number of operations, into figures per operation.
///
/// When instructions are counted, the figure is the minimum of all rounds: everything that makes a
/// round more expensive (the timer tick, deferred work of the kernel) is not part of the operation.
/// `mean` includes all of it.
class Measurement {
 public:
  Measurement(benchmark::State& state, const Settings& settings, int operations);
  Measurement(const Measurement&) = delete;
  Measurement& operator=(const Measurement&) = delete;
  /// Hands the figures to the benchmark.
  ~Measurement();

  /// Lets the kernel finish deferred work, such as freeing memory, between rounds, so that each
  /// round starts from the same state. This costs nothing where the clock skips idle time, and is
  /// left out elsewhere.
  void settle_between_rounds() { settle_ = settings_.counts_instructions(); }

  /// Excludes prepare() and restore() from the measurement.
  template <typename Prepare, typename Work, typename Restore>
  void run(Prepare&& prepare, Work&& work, Restore&& restore) {
    for (int round = 0; round < warm_up_; ++round) {
      prepare();
      work();
      restore();
      settle();
    }
    for ([[maybe_unused]] const auto iteration : state_) {
      prepare();
      const std::int64_t start = now_ns();
      put_mark<Mark::kBegin>();
      work();
      put_mark<Mark::kEnd>();
      take(now_ns() - start);
      restore();
      settle();
    }
  }

  template <typename Work>
  void run(Work&& work) {
    run([] {}, work, [] {});
  }

 private:
  void take(std::int64_t elapsed);
  void settle() const;

  benchmark::State& state_;
  const Settings settings_;
  const int operations_;
  const int warm_up_;
  const std::int64_t clock_cost_;
  bool settle_ = false;
  std::vector<double> samples_;  // per operation
};

}  // namespace bench
