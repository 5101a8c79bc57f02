// SPDX-License-Identifier: GPL-2.0-only
#include "shrink.h"

#include <algorithm>
#include <cstdint>

#include "change.h"

namespace xpoll::fuzz {
namespace {

std::vector<Step> without(const std::vector<Step>& steps, std::size_t first, std::size_t count) {
  std::vector<Step> rest(steps.begin(), steps.begin() + static_cast<std::ptrdiff_t>(first));
  const std::size_t end = std::min(first + count, steps.size());
  rest.insert(rest.end(), steps.begin() + static_cast<std::ptrdiff_t>(end), steps.end());
  return rest;
}

// Drops parts, first halves and finally single steps, from the end backwards, since other steps
// least depend on the last ones.
bool leave_out(std::vector<Step>& steps, const Fails& fails) {
  bool shorter = false;
  for (std::size_t size = std::max<std::size_t>(steps.size() / 2, 1); size > 0; size /= 2)
    for (std::size_t end = steps.size(); end > 0; end -= std::min(size, end)) {
      const std::size_t first = end - std::min(size, end);
      std::vector<Step> candidate = without(steps, first, end - first);
      if (candidate.empty() || !fails(candidate)) continue;
      steps = std::move(candidate);
      shorter = true;
    }
  return shorter;
}

std::vector<std::int64_t> simpler_values(Argument kind, std::int64_t value) {
  switch (kind) {
    case Argument::kEvents: {
      std::vector<std::int64_t> values;
      for (std::uint64_t bits = static_cast<std::uint32_t>(value); bits; bits &= bits - 1)
        values.push_back(value & ~static_cast<std::int64_t>(bits & -bits));
      return values;
    }
    case Argument::kNumber:
      return value > 1 ? std::vector<std::int64_t>{0, 1, value / 2} : std::vector<std::int64_t>{};
    case Argument::kChange: {
      std::vector<std::int64_t> values;
      if (value == 0) return values;
      values.push_back(0);
      const Change change = Change::unpack(value);
      for (std::uint32_t bits = change.events; bits; bits &= bits - 1) {
        Change simpler = change;
        simpler.events &= ~(bits & -bits);
        values.push_back(simpler.pack());
      }
      return values;
    }
    case Argument::kData:
    case Argument::kBool:
    case Argument::kCreateFlags:
    case Argument::kEventfdFlags:
      return value != 0 ? std::vector<std::int64_t>{0} : std::vector<std::int64_t>{};
    case Argument::kSocketType:
    case Argument::kHow:
    case Argument::kCtlOperation:
      return {};
  }
  return {};
}

// Simplifies one argument of one step. Returns whether something simpler was found.
bool simplify_argument(std::vector<Step>& steps, std::size_t step, std::size_t argument,
                       const Fails& fails) {
  const std::int64_t value = steps[step].arguments[argument];
  for (const std::int64_t simpler :
       simpler_values(steps[step].operation->arguments[argument], value)) {
    steps[step].arguments[argument] = simpler;
    if (fails(steps)) return true;
  }
  steps[step].arguments[argument] = value;
  return false;
}

bool simplify(std::vector<Step>& steps, const Fails& fails) {
  bool simpler = false;
  for (std::size_t step = 0; step < steps.size(); step++)
    for (std::size_t argument = 0; argument < steps[step].operation->arguments.size(); argument++)
      while (simplify_argument(steps, step, argument, fails)) simpler = true;
  return simpler;
}

}  // namespace

std::vector<Step> shrink(std::vector<Step> steps, const Fails& fails) {
  while (leave_out(steps, fails)) {
  }
  while (simplify(steps, fails)) leave_out(steps, fails);
  return steps;
}

}  // namespace xpoll::fuzz
