// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "attack/outcome.h"

namespace xpoll::attack {

struct Options {
  std::uint64_t seed = 1;
  // For both implementations together.
  std::chrono::seconds time{120};
  // The longest time of a slice.
  std::chrono::seconds slice{10};
  std::size_t attackers = 4;
  std::string act;
  Limits limits;
};

// Attacks a victim on native epoll and one on xpoll in turn, by the same acts. Needs root, to give
// it up in each process, and to set what attackers may do. Throws std::runtime_error if attackers
// do not end.
Outcome run(const Options& options);

}  // namespace xpoll::attack
