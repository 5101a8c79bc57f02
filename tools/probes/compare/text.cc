// SPDX-License-Identifier: GPL-2.0-only
#include "text.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <span>

#include "figures.h"
#include "probes/path/summary_text.h"
#include "probes/util/text_table.h"

namespace probes::compare {
namespace {

/// The frequent system calls; the JSON has all.
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
  TextTable table_{{"counts", "native", "xpoll", "native per event", "xpoll per event"}};
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
    text += fmt::format("  and {} others, made less often\n", calls.size() - kCallsShown);
  return text;
}

std::string stages(const Comparison& comparison, const Terminal& terminal) {
  path::Summary summary;
  summary.of(path::Kind::native) = comparison.native.path;
  summary.of(path::Kind::xpoll) = comparison.xpoll.path;
  return to_text(summary, path::kKinds, terminal);
}

std::string notes(const Comparison& comparison, const Terminal& terminal) {
  std::string text;
  for (const std::string& note : all_notes(comparison))
    text += terminal.in(Colour::red, "note: " + note) + '\n';
  return text;
}

}  // namespace

std::string to_text(const Comparison& comparison, const Terminal& terminal) {
  return fmt::format("{}\nLinux {}; each run once. {}\n{}\n{}\n{}",
                     terminal.in(Colour::bold, comparison.what), comparison.kernel, kCaution,
                     notes(comparison, terminal), stages(comparison, terminal),
                     count_table(comparison));
}

}  // namespace probes::compare
