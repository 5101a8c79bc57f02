// SPDX-License-Identifier: GPL-2.0-only
#include "probes/util/distribution.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>

namespace probes {
namespace {

/// 0 for 0, otherwise log2 + 1: bucket n holds [2^(n-1), 2^n).
int bucket_of(std::uint64_t value) { return static_cast<int>(std::bit_width(value)); }

std::uint64_t begin_of(int bucket) { return bucket == 0 ? 0 : std::uint64_t{1} << (bucket - 1); }

std::uint64_t end_of(int bucket) { return bucket == 64 ? UINT64_MAX : std::uint64_t{1} << bucket; }

constexpr std::size_t kBuckets = 65;

}  // namespace

std::vector<Bucket> log2_buckets(std::span<const std::uint64_t> counts) {
  std::vector<Bucket> buckets;
  for (std::size_t bits = 0; bits < counts.size(); ++bits)
    if (counts[bits] != 0 || !buckets.empty()) {
      const auto bucket = static_cast<int>(bits);
      buckets.push_back({begin_of(bucket), end_of(bucket), counts[bits]});
    }
  while (!buckets.empty() && buckets.back().count == 0) buckets.pop_back();
  return buckets;
}

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
  std::array<std::uint64_t, kBuckets> counts{};
  for (const std::uint64_t value : values_) ++counts[static_cast<std::size_t>(bucket_of(value))];
  return probes::log2_buckets(counts);
}

void Distribution::sort() const {
  if (sorted_) return;
  std::sort(values_.begin(), values_.end());
  sorted_ = true;
}

}  // namespace probes
