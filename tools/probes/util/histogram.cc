// SPDX-License-Identifier: GPL-2.0-only
#include "probes/util/histogram.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

#include "probes/util/microseconds.h"

namespace probes {
namespace {

/// Stars for a count; the largest count of the histogram fills the width.
std::string stars(std::uint64_t count, std::uint64_t most, int width) {
  const double part = static_cast<double>(count) / static_cast<double>(most);
  const auto length = static_cast<std::size_t>(std::ceil(part * width));
  return fmt::format("|{:<{}}|", std::string(length, '*'), width);
}

std::uint64_t most_of(const HistogramSide& side) {
  std::uint64_t most = 1;
  for (const Bucket& bucket : side.buckets) most = std::max(most, bucket.count);
  return most;
}

std::uint64_t count_at(const HistogramSide& side, std::uint64_t from) {
  const auto at_from = [from](const Bucket& bucket) { return bucket.from == from; };
  const auto found = std::ranges::find_if(side.buckets, at_from);
  return found == side.buckets.end() ? 0 : found->count;
}

void trim(std::string& text) { text.erase(text.find_last_not_of(' ') + 1); }

int width_of_each(std::size_t sides, int columns) {
  constexpr int kLabels = 32;
  constexpr int kCount = 12;
  constexpr int kLeast = 10;
  return std::max(kLeast, (columns - kLabels) / static_cast<int>(sides) - kCount);
}

}  // namespace

std::string histogram(const std::string& title, std::span<const HistogramSide> sides, int columns,
                      const Terminal& terminal) {
  std::set<std::pair<std::uint64_t, std::uint64_t>> bounds;
  for (const HistogramSide& side : sides)
    for (const Bucket& bucket : side.buckets) bounds.emplace(bucket.from, bucket.to);
  if (bounds.empty()) return "";

  const int width = width_of_each(sides.size(), columns);
  constexpr int kBesideStars = 11;
  std::string text = terminal.in(Colour::bold, title) + "\n" + fmt::format("{:>28} ", "us");
  for (const HistogramSide& side : sides)
    text += fmt::format(" {:<{}}", side.name, width + kBesideStars);
  trim(text);
  for (const auto& [from, to] : bounds) {
    text += fmt::format("\n{:>12} .. {:<12}", microseconds(from), microseconds(to));
    for (const HistogramSide& side : sides)
      text += fmt::format(" {} {:<8}", stars(count_at(side, from), most_of(side), width),
                          count_at(side, from));
    trim(text);
  }
  return text + "\n";
}

}  // namespace probes
