// SPDX-License-Identifier: GPL-2.0-only
#include "report.h"

#include <algorithm>
#include <array>

namespace xpoll::vm {

namespace {

struct Word {
  std::string_view word;
  Report::Kind kind;
};

constexpr auto kWords = std::to_array<Word>({
    {"ready", Report::Kind::kReady},
    {"running", Report::Kind::kRunning},
    {"status", Report::Kind::kStatus},
    {"load", Report::Kind::kLoad},
    {"unload", Report::Kind::kUnload},
    {"searched", Report::Kind::kSearched},
    {"leak", Report::Kind::kLeak},
    {"failed", Report::Kind::kFailed},
    {"end", Report::Kind::kEnd},
});

}  // namespace

Report parse_report(std::string_view line) {
  const auto space = std::min(line.find(' '), line.size());
  const auto* match = std::ranges::find(kWords, line.substr(0, space), &Word::word);
  Report report;
  if (match != kWords.end()) report.kind = match->kind;
  report.text = line.substr(std::min(space + 1, line.size()));
  return report;
}

void apply_report(const Report& report, GuestRun& run) {
  switch (report.kind) {
    case Report::Kind::kStatus:
      run.status = std::stoi(report.text);
      break;
    case Report::Kind::kLoad:
      run.refused = report.text;
      break;
    case Report::Kind::kUnload:
      run.stuck = report.text;
      break;
    case Report::Kind::kSearched:
      run.leaks_searched = true;
      break;
    case Report::Kind::kLeak:
      run.leak = true;
      break;
    case Report::Kind::kFailed:
      run.failed_step = report.text;
      break;
    case Report::Kind::kEnd:
      run.finished = true;
      break;
    case Report::Kind::kReady:
      run.ready = true;
      break;
    case Report::Kind::kRunning:
    case Report::Kind::kUnknown:
      break;
  }
}

}  // namespace xpoll::vm
