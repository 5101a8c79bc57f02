// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace probes {

/// A bucket of a histogram: `count` values from `from` up to, not including, `to`.
struct Bucket {
  std::uint64_t from = 0;
  std::uint64_t to = 0;
  std::uint64_t count = 0;

  friend bool operator==(const Bucket&, const Bucket&) = default;
};

/// Buckets of doubling width, from the first to the last that is not empty. counts[n] is the number
/// of values with n bits.
std::vector<Bucket> log2_buckets(std::span<const std::uint64_t> counts);

/// Keeps every value, so quantiles are exact.
class Distribution {
 public:
  void add(std::uint64_t value);

  [[nodiscard]] std::size_t count() const { return values_.size(); }

  /// The smallest value that at least this part of all values does not exceed (nearest rank); empty
  /// without values.
  [[nodiscard]] std::optional<std::uint64_t> quantile(double part) const;
  [[nodiscard]] std::optional<std::uint64_t> max() const { return quantile(1); }

  /// All values, sorted.
  [[nodiscard]] const std::vector<std::uint64_t>& values() const;

  /// As above.
  [[nodiscard]] std::vector<Bucket> log2_buckets() const;

 private:
  void sort() const;

  mutable std::vector<std::uint64_t> values_;
  mutable bool sorted_ = true;
};

}  // namespace probes
