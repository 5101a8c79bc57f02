// SPDX-License-Identifier: GPL-2.0-only
#include "probes/path/summary_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "probes/util/histogram.h"
#include "probes/util/microseconds.h"
#include "probes/util/wrapped.h"
#include "tools/util/text_table.h"

namespace probes::path {
namespace {

std::string common_name(Stage stage) {
  if (stage == Stage::callback) return "callback";
  if (stage == Stage::returned) return "return";
  return std::string(name_of(stage, Kind::native));
}

/// The reason why a step skips stages.
std::string_view remark(const Step& step) {
  if (step == Step{Stage::established, Stage::polled}) return " (found while it came)";
  if (step == Step{Stage::readable, Stage::polled}) return " (before a callback)";
  if (step == Step{Stage::callback, Stage::polled}) return " (task not asleep)";
  if (step == Step{Stage::waking, Stage::polled}) return " (task still on its CPU)";
  return "";
}

/// Label of a step in a table whose previous row is the previous step.
std::string row_label(const Step& step) {
  return fmt::format("{}{}", common_name(step.to), remark(step));
}

std::string label(const Step& step) {
  return fmt::format("{} -> {}{}", common_name(step.from), common_name(step.to), remark(step));
}

std::set<Step> steps_of(const Summary& summary, std::span<const Kind> kinds) {
  std::set<Step> steps;
  for (const Kind kind : kinds)
    for (const auto& [step, distribution] : summary.of(kind).steps) steps.insert(step);
  return steps;
}

const Distribution& distribution_of(const KindSummary& summary, const Step& step) {
  static const Distribution kNone;
  const auto found = summary.steps.find(step);
  return found == summary.steps.end() ? kNone : found->second;
}

void append_figures(std::vector<std::string>& cells, const Distribution& distribution) {
  cells.push_back(distribution.count() == 0 ? "-" : fmt::format("{}", distribution.count()));
  for (const double part : {0.5, 0.99, 1.0})
    cells.push_back(brief_microseconds(distribution.quantile(part)));
}

/// The columns to drop first: the maximum of each kind, the last of its four columns.
constexpr std::array<std::size_t, kKinds.size()> kMaxima{4, 8};

std::string table_of(const Summary& summary, std::span<const Kind> kinds,
                     const Terminal& terminal) {
  std::vector<std::string> heads{"microseconds"};
  for (const Kind kind : kinds) {
    heads.emplace_back(name_of(kind));
    heads.insert(heads.end(), {"p50", "p99", "max"});
  }
  xpoll::TextTable table(xpoll::columns_of(std::move(heads)));
  for (const Step& step : steps_of(summary, kinds)) {
    std::vector<std::string> cells{row_label(step)};
    for (const Kind kind : kinds) append_figures(cells, distribution_of(summary.of(kind), step));
    table.add(std::move(cells));
  }
  std::vector<std::string> total{"packet to return"};
  for (const Kind kind : kinds) append_figures(total, summary.of(kind).total);
  table.add(std::move(total));
  // Drop the maximum of both kinds, or of neither.
  if (!table.fit(kReportColumns, kMaxima).empty()) table.fit(0, kMaxima);
  return text_of(table, terminal);
}

std::string histogram_of(const std::string& title, std::span<const Distribution* const> sides,
                         std::span<const Kind> kinds, const Terminal& terminal) {
  std::vector<HistogramSide> drawn;
  for (std::size_t i = 0; i < sides.size(); ++i)
    drawn.push_back({std::string(name_of(kinds[i])), sides[i]->log2_buckets()});
  return histogram(title, drawn, std::min(terminal.columns(), kReportColumns), terminal);
}

std::string counts_of(const KindSummary& summary, Kind kind) {
  if (summary.events == 0) return fmt::format("{}: no events\n", name_of(kind));
  std::string text = fmt::format("{}: {} events of {} packets; {} woke a task", name_of(kind),
                                 summary.events, summary.packets, summary.woken);
  if (summary.not_asleep > 0) text += fmt::format(", {} found none asleep", summary.not_asleep);
  if (summary.no_callback > 0)
    text += fmt::format(" ({} were found before a callback reported them)", summary.no_callback);
  if (summary.out_of_order > 0)
    text += fmt::format("; {} with stages out of order, not in the figures", summary.out_of_order);
  return wrapped(text, kReportColumns, 2);
}

}  // namespace

std::string to_text(const Summary& summary, std::span<const Kind> kinds, const Terminal& terminal) {
  std::string text;
  for (const Kind kind : kinds) text += counts_of(summary.of(kind), kind);
  if (summary.events() == 0) return text;
  return text + "\n" + table_of(summary, kinds, terminal);
}

std::string histograms_of(const Summary& summary, std::span<const Kind> kinds,
                          const Terminal& terminal) {
  if (summary.events() == 0) return "";
  std::string text;
  for (const Step& step : steps_of(summary, kinds)) {
    std::vector<const Distribution*> sides;
    for (const Kind kind : kinds) sides.push_back(&distribution_of(summary.of(kind), step));
    text += "\n" + histogram_of(label(step), sides, kinds, terminal);
  }
  std::vector<const Distribution*> totals;
  for (const Kind kind : kinds) totals.push_back(&summary.of(kind).total);
  return text + "\n" + histogram_of("packet to return", totals, kinds, terminal);
}

std::string text_of(const xpoll::TextTable& table, const Terminal& terminal) {
  std::string text;
  const std::vector<std::string> lines = table.lines();
  for (const std::string& line : lines)
    text += (&line == &lines.front() ? terminal.in(Colour::bold, line) : line) + '\n';
  return text;
}

std::string to_text(const Losses& losses) {
  std::string text;
  const auto say = [&text](const std::string& what) { text += (text.empty() ? "" : ", ") + what; };
  const auto tell = [&say](std::uint64_t count, const char* what) {
    if (count > 0) say(fmt::format("{} {}", count, what));
  };
  tell(losses.records, "records lost, the ring buffer was full");
  tell(losses.entries, "entries lost, a table was full");
  tell(losses.hits.value_or(0), "hits lost, the same probe was running already");
  tell(losses.incomplete, "events left out because a stage is missing");
  if (!losses.hits) say("the number of hits that kprobes missed is not known");
  return text;
}

}  // namespace probes::path
