// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace probes {

/// A bucket of a histogram: so many values from `from` to below `to`.
struct Bucket {
  std::uint64_t from = 0;
  std::uint64_t to = 0;
  std::uint64_t count = 0;

  friend bool operator==(const Bucket&, const Bucket&) = default;
};

/// Buckets each twice as wide as the one before, from the first that is not empty to the last. Of
/// the counts, each is of the values that have as many bits as its place says.
std::vector<Bucket> log2_buckets(std::span<const std::uint64_t> counts);

/// Keeps every value, so its quantiles are exact.
class Distribution {
 public:
  void add(std::uint64_t value);

  [[nodiscard]] std::size_t count() const { return values_.size(); }

  /// The smallest value that at least that part of all values does not exceed (nearest rank);
  /// nothing if there are none.
  [[nodiscard]] std::optional<std::uint64_t> quantile(double part) const;
  [[nodiscard]] std::optional<std::uint64_t> max() const { return quantile(1); }

  /// All of them, sorted.
  [[nodiscard]] const std::vector<std::uint64_t>& values() const;

  /// As above.
  [[nodiscard]] std::vector<Bucket> log2_buckets() const;

 private:
  void sort() const;

  mutable std::vector<std::uint64_t> values_;
  mutable bool sorted_ = true;
};

}  // namespace probes
