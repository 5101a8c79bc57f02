// SPDX-License-Identifier: GPL-2.0-only
#include "measure.h"

#include <algorithm>
#include <chrono>
#include <numeric>
#include <thread>

namespace bench {
namespace {

constexpr int kWarmUpCounting = 3;
constexpr int kWarmUpTiming = 50;
constexpr double kNanosecond = 1e-9;

/// The smallest of the sorted samples that is not below this share of them.
double percentile(const std::vector<double>& sorted, double share) {
  const auto rank = static_cast<std::size_t>(share * static_cast<double>(sorted.size()));
  return sorted[std::min(rank, sorted.size() - 1)];
}

}  // namespace

Measurement::Measurement(benchmark::State& state, const Settings& settings, int operations)
    : state_{state},
      settings_{settings},
      operations_{operations},
      warm_up_{settings.counts_instructions() ? kWarmUpCounting : kWarmUpTiming},
      clock_cost_{clock_cost()} {
  samples_.reserve(static_cast<std::size_t>(state.max_iterations));
  put_mark<Mark::kSection>();
}

void Measurement::take(std::int64_t elapsed) {
  const auto own = static_cast<double>(std::max<std::int64_t>(elapsed - clock_cost_, 0));
  state_.SetIterationTime(own * kNanosecond);
  samples_.push_back(own / operations_);
}

void Measurement::settle() const {
  // Longer than kfree_rcu() batches objects before it frees them (KFREE_DRAIN_JIFFIES).
  constexpr std::chrono::milliseconds kPutOff{5'100};
  if (settle_) std::this_thread::sleep_for(kPutOff);
}

Measurement::~Measurement() {
  if (samples_.empty()) return;
  std::sort(samples_.begin(), samples_.end());
  const double sum = std::accumulate(samples_.begin(), samples_.end(), 0.0);
  state_.counters["operations"] = operations_;
  state_.counters["mean"] = sum / static_cast<double>(samples_.size());
  if (settings_.counts_instructions()) {
    state_.counters["instructions"] = samples_.front();
    return;
  }
  state_.counters["ns"] = percentile(samples_, 0.5);
  state_.counters["ns_p90"] = percentile(samples_, 0.9);
  state_.counters["ns_p99"] = percentile(samples_, 0.99);
  state_.counters["ns_max"] = samples_.back();
}

}  // namespace bench
