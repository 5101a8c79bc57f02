// SPDX-License-Identifier: GPL-2.0-only
#include "report.h"

#include <fmt/color.h>
#include <fmt/format.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "tools/util/json_text.h"
#include "tools/util/text_table.h"

namespace run {
namespace {

struct Figure {
  const char* name;  ///< name in struct xpoll_stats
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
    {"scans", &xpoll_stats::scans, "scans for events"},
    {"events", &xpoll_stats::events, "events delivered"},
    {"overflows", &xpoll_stats::overflows, "events queued during a scan"},
};

/// In the table and in JSON.
struct WayNames {
  const char* text;
  const char* json;
};

WayNames names_of(Way way) {
  switch (way) {
    case Way::calls:
      return {"by epoll's own system calls", "calls"};
    case Way::preload:
      return {"by the preload library", "preload"};
    default:
      return {"not at all", "native"};
  }
}

bool used_xpoll(const Outcome& outcome) { return outcome.stats.instances > 0; }

void warn(const std::string& text) {
  const bool on_terminal = isatty(STDERR_FILENO) == 1;
  fmt::print(stderr,
             on_terminal ? fmt::emphasis::bold | fg(fmt::terminal_color::red) : fmt::text_style(),
             "xpoll-run: {}", text);
  fmt::print(stderr, "\n");
}

void print_figures(const Outcome& outcome) {
  xpoll::TextTable table({xpoll::left("", 28), xpoll::right("", 12)});
  if (used_xpoll(outcome))
    for (const Figure& figure : figures)
      table.add({figure.meaning, std::to_string(outcome.stats.*figure.field)});
  if (outcome.refused_rings > 0)
    table.add({"io_uring rings refused", std::to_string(outcome.refused_rings)});
  for (const std::string& line : table.lines()) fmt::print(stderr, "  {}\n", line);
}

}  // namespace

std::string hint_of(const Outcome& outcome) {
  const bool aborted = outcome.status == 128 + SIGABRT;
  if (!aborted || outcome.way != Way::preload || !used_xpoll(outcome) || outcome.stats.watches > 0)
    return {};
  return fmt::format(
      "{} aborted and had never watched anything: a program that changes its instances through "
      "an io_uring ring, or by direct system calls, can't run on xpoll (IO_URING in xpoll-run(1))",
      outcome.program);
}

void print_report(const Outcome& outcome) {
  if (!used_xpoll(outcome)) {
    warn(fmt::format("{} did NOT use xpoll: it made no instance", outcome.program));
    print_figures(outcome);
    return;
  }
  fmt::print(stderr, "xpoll-run: {} on xpoll, {}; the kernel counted:\n", outcome.program,
             names_of(outcome.way).text);
  print_figures(outcome);
  if (outcome.stats.open_instances > 0)
    warn("instances are still open: processes that are still running are no longer counted");
}

bool write_json(const xpoll::unique_fd& file, const Outcome& outcome) {
  nlohmann::ordered_json stats;
  for (const Figure& figure : figures) stats[figure.name] = outcome.stats.*figure.field;
  const nlohmann::ordered_json report{{"program", outcome.program},
                                      {"status", outcome.status},
                                      {"xpoll", used_xpoll(outcome)},
                                      {"way", names_of(outcome.way).json},
                                      {"refused_rings", outcome.refused_rings},
                                      {"stats", stats}};
  const std::string text = xpoll::json_text(report, 2) + '\n';
  return write(file.get(), text.data(), text.size()) == static_cast<ssize_t>(text.size());
}

}  // namespace run
