// SPDX-License-Identifier: GPL-2.0-only
#include "text.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <span>

#include "figures.h"
#include "probes/path/summary_text.h"
#include "probes/util/wrapped.h"
#include "tools/util/text_table.h"
#include "verdict.h"

namespace probes::compare {
namespace {

/// The most frequent system calls are shown; the JSON has all of them.
constexpr std::size_t kCallsShown = 12;

std::string ratio(const std::optional<double>& value) {
  return value ? fmt::format("{:.2f}", *value) : "-";
}

class CountTable final {
 public:
  explicit CountTable(const Comparison& comparison)
      : native_(comparison.native.figures), xpoll_(comparison.xpoll.figures) {}

  void add(const std::string& name, std::uint64_t native, std::uint64_t xpoll) {
    table_.add({name, std::to_string(native), std::to_string(xpoll),
                ratio(per_event(native, native_)), ratio(per_event(xpoll, xpoll_))});
  }

  [[nodiscard]] std::string text() const { return table_.text(); }

 private:
  const counts& native_;
  const counts& xpoll_;
  xpoll::TextTable table_{
      xpoll::columns_of({"counts", "native", "xpoll", "native per event", "xpoll per event"})};
};

std::string count_table(const Comparison& comparison) {
  const counts& native = comparison.native.figures;
  const counts& xpoll = comparison.xpoll.figures;
  CountTable table(comparison);
  for (const Figure& figure : kFigures)
    table.add(figure.meaning, native.*figure.field, xpoll.*figure.field);
  table.add("system calls", all_calls(native), all_calls(xpoll));
  const std::vector<CallRow> calls = call_rows(comparison);
  for (const CallRow& call : std::span(calls).first(std::min(calls.size(), kCallsShown)))
    table.add("  " + call.name, call.native, call.xpoll);
  std::string text = table.text();
  if (calls.size() > kCallsShown)
    text += fmt::format("  and {} less frequent ones\n", calls.size() - kCallsShown);
  return text;
}

path::Summary summary_of(const Comparison& comparison) {
  path::Summary summary;
  summary.of(path::Kind::native) = comparison.native.path;
  summary.of(path::Kind::xpoll) = comparison.xpoll.path;
  return summary;
}

std::string stages(const Comparison& comparison, Histograms histograms, const Terminal& terminal) {
  const path::Summary summary = summary_of(comparison);
  std::string text = to_text(summary, path::kKinds, terminal);
  if (histograms == Histograms::yes) text += histograms_of(summary, path::kKinds, terminal);
  return text;
}

std::string lines(const std::string& text, std::size_t indent = 0) {
  return wrapped(text, path::kReportColumns, indent);
}

std::string verdict_lines(const Comparison& comparison, const Terminal& terminal) {
  std::string text;
  for (const std::string& line : verdict(comparison))
    text += terminal.in(Colour::bold, lines("- " + line, 2));
  return text;
}

std::string notes(const Comparison& comparison, const Terminal& terminal) {
  std::vector<std::string> notes = all_notes(comparison);
  if (auto warning = drift(comparison)) notes.insert(notes.begin(), *std::move(warning));
  std::string text;
  for (const std::string& note : notes) text += terminal.in(Colour::red, lines("note: " + note, 2));
  return text;
}

}  // namespace

std::string setting_of(const Comparison& comparison) {
  std::string text =
      fmt::format("Linux {} on {}, {}", comparison.kernel, comparison.machine, comparison.date);
  if (!comparison.remark.empty()) text += "; " + comparison.remark;
  return text;
}

std::string to_text(const Comparison& comparison, Histograms histograms, const Terminal& terminal) {
  return lines(comparison.what) + verdict_lines(comparison, terminal) +
         notes(comparison, terminal) + "\n" + count_table(comparison) + "\n" +
         stages(comparison, histograms, terminal) + "\n" +
         lines(setting_of(comparison) + ". Each run once.") + lines(kCaution);
}

}  // namespace probes::compare
