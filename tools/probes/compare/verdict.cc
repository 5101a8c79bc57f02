// SPDX-License-Identifier: GPL-2.0-only
#include "verdict.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "figures.h"
#include "probes/util/microseconds.h"

namespace probes::compare {
namespace {

struct Medians {
  std::uint64_t native = 0;
  std::uint64_t xpoll = 0;
};

/// Empty unless events on both sides took the step.
std::optional<Medians> medians_of(const StepRow& row) {
  const auto native = row.native.quantile(0.5);
  const auto xpoll = row.xpoll.quantile(0.5);
  if (!native || !xpoll) return std::nullopt;
  return Medians{*native, *xpoll};
}

bool differ_by_more_than_noise(const Medians& medians) {
  const auto [least, most] = std::minmax(medians.native, medians.xpoll);
  return static_cast<double>(most) > static_cast<double>(least) * (1 + kNoise);
}

std::string change(double native, double xpoll) {
  const double percent = 100 * (xpoll - native) / native;
  return std::abs(percent) < 0.5 ? "the same" : fmt::format("{:+.0f} %", percent);
}

std::string on_both(const Medians& medians) {
  return fmt::format("{} us on native epoll, {} us on xpoll", microseconds(medians.native),
                     microseconds(medians.xpoll));
}

std::string work(const Comparison& comparison) {
  const std::uint64_t native = comparison.native.figures.events;
  const std::uint64_t xpoll = comparison.xpoll.figures.events;
  if (comparison.xpoll.figures.xpoll_instances == 0)
    return "nothing to compare: the command made no instance of xpoll";
  if (native == xpoll) return fmt::format("the same work: {} events on each", native);
  return fmt::format("not the same work: {} events on native epoll, {} on xpoll", native, xpoll);
}

/// The calls and wake-ups per event, xpoll relative to native epoll.
std::optional<std::string> prices(const Comparison& comparison) {
  const counts& native = comparison.native.figures;
  const counts& xpoll = comparison.xpoll.figures;
  std::vector<std::string> prices;
  const auto add = [&](const char* what, std::uint64_t on_native, std::uint64_t on_xpoll) {
    if (on_native > 0 && native.events > 0 && xpoll.events > 0)
      prices.push_back(fmt::format(
          "{} {}", what, change(*per_event(on_native, native), *per_event(on_xpoll, xpoll))));
  };
  add("system calls", all_calls(native), all_calls(xpoll));
  add("waits", native.waits, xpoll.waits);
  add("sleeps", native.sleeps, xpoll.sleeps);
  add("wake-ups of waiters", native.wakeups, xpoll.wakeups);
  if (prices.empty()) return std::nullopt;
  return fmt::format("for each event, xpoll against native epoll: {}", fmt::join(prices, ", "));
}

/// The sum of the medians of the stages in which the two run different code.
std::optional<std::string> own_stages(const std::vector<StepRow>& rows) {
  Medians sum;
  for (const StepRow& row : rows) {
    if (row.same_code || !row.leaves_none_out) continue;
    const auto medians = medians_of(row);
    if (!medians) return std::nullopt;
    sum.native += medians->native;
    sum.xpoll += medians->xpoll;
  }
  if (sum.native == 0) return std::nullopt;
  return fmt::format("from sock_def_readable to the return, medians added up: {} ({})",
                     on_both(sum),
                     change(static_cast<double>(sum.native), static_cast<double>(sum.xpoll)));
}

}  // namespace

std::optional<std::string> drift(const Comparison& comparison) {
  std::vector<std::string> steps;
  for (const StepRow& row : step_rows(comparison)) {
    const auto medians = medians_of(row);
    if (row.same_code && medians && differ_by_more_than_noise(*medians))
      steps.push_back(fmt::format("{} took {}", row.name, on_both(*medians)));
  }
  if (steps.empty()) return std::nullopt;
  return fmt::format(
      "times can't be compared: of the stages that run the same code on both sides, {}. Something "
      "else changed between the runs: the machine's load, or how fast it is",
      fmt::join(steps, "; "));
}

std::vector<std::string> verdict(const Comparison& comparison) {
  std::vector<std::string> lines{work(comparison)};
  if (auto line = prices(comparison)) lines.push_back(*std::move(line));
  if (drift(comparison))
    lines.emplace_back("the times can't be compared: see the note");
  else if (auto line = own_stages(step_rows(comparison)))
    lines.push_back(*std::move(line));
  return lines;
}

}  // namespace probes::compare
