// SPDX-License-Identifier: GPL-2.0-only
#include "measure.h"

#include <algorithm>
#include <cmath>

#include "costs/instructions.h"
#include "costs/longest_wait.h"

namespace xpoll::test {
namespace {

constexpr int kRounds = 4;
// What differs between two growths of the same kind.
constexpr double kTolerance = 0.2;
// A few tasks' worth of work, or 64 of the costliest items.
constexpr std::int64_t kShortWait = 400'000;

std::vector<int> sizes(int most) {
  std::vector<int> sizes;
  for (int size = 10; size < most; size *= 10) sizes.push_back(size);
  sizes.push_back(most);
  return sizes;
}

std::int64_t cheapest(const Subject& subject) {
  std::int64_t cheapest = INT64_MAX;
  for (int round = 0; round < kRounds; ++round) {
    subject.prepare();
    cheapest = std::min(cheapest, instructions_of(subject.call));
  }
  return cheapest;
}

Curve curve(const Case& measured, Backend backend) {
  Curve curve;
  for (const int size : sizes(measured.most_size)) {
    Subject subject(backend, size);
    measured.build(subject);
    curve.points.push_back({size, cheapest(subject)});
    if (size < measured.most_size) continue;
    subject.prepare();
    curve.longest_wait = longest_wait(subject.call);
  }
  return curve;
}

double allowed(Growth growth) { return growth == Growth::kNone ? 0 : 1; }

}  // namespace

double Curve::exponent() const {
  if (points.size() < 2) return 0;
  const Point& one = points[points.size() - 2];
  const Point& other = points.back();
  return std::log(static_cast<double>(other.instructions) / static_cast<double>(one.instructions)) /
         std::log(static_cast<double>(other.size) / one.size);
}

std::string Result::fault() const {
  const double most = native ? std::max(native->exponent(), 0.0) : allowed(measured.most);
  if (xpoll.exponent() > most + kTolerance) return "steeper";
  const std::int64_t wait = std::max(kShortWait, native ? native->longest_wait : 0);
  if (xpoll.longest_wait > wait + wait / 4) return "waits longer";
  return "";
}

Result measure(const Case& measured) {
  Result result{.measured = measured, .native = {}, .xpoll = curve(measured, Backend::xpoll())};
  if (measured.on_native) result.native = curve(measured, Backend::native());
  return result;
}

}  // namespace xpoll::test
