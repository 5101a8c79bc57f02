// SPDX-License-Identifier: GPL-2.0-only
#include "probes/util/distribution.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace probes {
namespace {

/// 0 for 0, else one more than the logarithm: bucket n holds [2^(n-1), 2^n).
int bucket_of(std::uint64_t value) { return static_cast<int>(std::bit_width(value)); }

std::uint64_t begin_of(int bucket) { return bucket == 0 ? 0 : std::uint64_t{1} << (bucket - 1); }

std::uint64_t end_of(int bucket) { return bucket == 64 ? UINT64_MAX : std::uint64_t{1} << bucket; }

}  // namespace

void Distribution::add(std::uint64_t value) {
  sorted_ = values_.empty() || (sorted_ && values_.back() <= value);
  values_.push_back(value);
}

std::optional<std::uint64_t> Distribution::quantile(double part) const {
  if (values_.empty()) return std::nullopt;
  sort();
  const double rank = std::ceil(part * static_cast<double>(values_.size()));
  return values_[static_cast<std::size_t>(std::max(rank, 1.0)) - 1];
}

const std::vector<std::uint64_t>& Distribution::values() const {
  sort();
  return values_;
}

std::vector<Bucket> Distribution::log2_buckets() const {
  std::vector<Bucket> buckets;
  if (values_.empty()) return buckets;
  sort();
  const int first = bucket_of(values_.front());
  for (int bucket = first; bucket <= bucket_of(values_.back()); ++bucket)
    buckets.push_back({begin_of(bucket), end_of(bucket), 0});
  for (const std::uint64_t value : values_)
    ++buckets[static_cast<std::size_t>(bucket_of(value) - first)].count;
  return buckets;
}

void Distribution::sort() const {
  if (sorted_) return;
  std::sort(values_.begin(), values_.end());
  sorted_ = true;
}

}  // namespace probes
