// SPDX-License-Identifier: GPL-2.0-only
#include "report.h"

#include <fmt/color.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <nlohmann/json.hpp>

namespace run {
namespace {

struct Figure {
  const char* name;  ///< the field's own
  __u64 xpoll_stats::*field;
  const char* meaning;
};

constexpr Figure figures[] = {
    {"instances", &xpoll_stats::instances, "instances made"},
    {"open_instances", &xpoll_stats::open_instances, "still open"},
    {"watches", &xpoll_stats::watches, "watches added"},
    {"open_watches", &xpoll_stats::open_watches, "still there"},
    {"callbacks", &xpoll_stats::callbacks, "wake-ups of watched files"},
    {"wakeups", &xpoll_stats::wakeups, "waiters woken"},
    {"scans", &xpoll_stats::scans, "looks for events"},
    {"events", &xpoll_stats::events, "events delivered"},
    {"overflows", &xpoll_stats::overflows, "events kept during a look"},
};

bool used_xpoll(const Outcome& outcome) { return outcome.stats.instances > 0; }

void warn(const std::string& text) {
  const bool on_terminal = isatty(STDERR_FILENO) == 1;
  fmt::print(stderr,
             on_terminal ? fmt::emphasis::bold | fg(fmt::terminal_color::red) : fmt::text_style(),
             "xpoll-run: {}", text);
  fmt::print(stderr, "\n");
}

}  // namespace

void print_report(const Outcome& outcome) {
  if (!used_xpoll(outcome)) {
    warn(fmt::format("{} did NOT use xpoll: it made no instance", outcome.program));
    return;
  }
  fmt::print(stderr, "xpoll-run: {} on xpoll, as the kernel counted:\n", outcome.program);
  for (const Figure& figure : figures)
    fmt::print(stderr, "  {:<28}{:>14}\n", figure.meaning, outcome.stats.*figure.field);
  if (outcome.stats.open_instances > 0)
    warn("instances are still open: what was left running counts no more from here on");
}

bool write_json(const xpoll::UniqueFd& file, const Outcome& outcome) {
  nlohmann::ordered_json stats;
  for (const Figure& figure : figures) stats[figure.name] = outcome.stats.*figure.field;
  const nlohmann::ordered_json report{{"program", outcome.program},
                                      {"status", outcome.status},
                                      {"xpoll", used_xpoll(outcome)},
                                      {"stats", stats}};
  const std::string text =
      report.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + '\n';
  return write(file.get(), text.data(), text.size()) == static_cast<ssize_t>(text.size());
}

}  // namespace run
