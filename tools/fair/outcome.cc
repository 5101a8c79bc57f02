// SPDX-License-Identifier: GPL-2.0-only
#include "outcome.h"

#include <algorithm>
#include <numeric>

namespace fair {

std::uint64_t Outcome::connections() const {
  return std::accumulate(shares.begin(), shares.end(), std::uint64_t{0});
}

std::uint64_t Outcome::most() const { return *std::ranges::max_element(shares); }

std::uint64_t Outcome::least() const { return *std::ranges::min_element(shares); }

}  // namespace fair
