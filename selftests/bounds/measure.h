// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "subject.h"

namespace xpoll::test {

struct Point {
  int size;
  std::int64_t instructions;
};

// What a call costs on one implementation.
struct Curve {
  std::vector<Point> points;
  // At the greatest size: how long another thread waited for the processor at most.
  std::int64_t longest_wait = 0;

  // The power of the size with which the instructions grew over the last step.
  double exponent() const;
};

struct Result {
  Case measured;
  std::optional<Curve> native;
  Curve xpoll;

  // Why the growth is a fault; empty if it is none.
  std::string fault() const;
};

Result measure(const Case& measured);

}  // namespace xpoll::test
