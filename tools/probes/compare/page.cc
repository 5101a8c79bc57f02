// SPDX-License-Identifier: GPL-2.0-only
#include "page.h"

#include <fmt/format.h>

#include "escaped.h"
#include "figures.h"
#include "probes/util/microseconds.h"
#include "text.h"
#include "verdict.h"

namespace probes::compare {
namespace {

constexpr const char* kStyle = R"(
:root { color-scheme: light dark; }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 64rem; margin: 2rem auto; padding: 0 1rem;
  color: #1c1c1c; background: #fff; }
table { border-collapse: collapse; margin: 1rem 0 2rem; }
th, td { padding: .2rem .7rem; text-align: right; border-bottom: 1px solid #8884;
  font-variant-numeric: tabular-nums; }
th:first-child, td:first-child { text-align: left; }
tr.part td:first-child { padding-left: 2rem; font-family: monospace; }
.native { color: #b8610f; } .xpoll { color: #2469a6; }
.verdict { font-weight: 600; padding-left: 1.2rem; }
.note { border-left: 4px solid #c0392b; padding-left: .8rem; }
svg { width: 100%; height: auto; }
@media (prefers-color-scheme: dark) {
  body { color: #e4e4e4; background: #16181a; }
  .native { color: #e8a868; } .xpoll { color: #7db1dc; }
}
)";

std::string cell(const std::string& text) { return fmt::format("<td>{}</td>", escaped(text)); }

std::string number(std::uint64_t value) { return cell(fmt::format("{}", value)); }

std::string ratio(const std::optional<double>& value) {
  return cell(value ? fmt::format("{:.2f}", *value) : "–");
}

std::string times(const Distribution& times) {
  return cell(times.count() == 0 ? "–" : fmt::format("{}", times.count())) +
         cell(microseconds(times.quantile(0.5))) + cell(microseconds(times.quantile(0.99))) +
         cell(microseconds(times.max()));
}

std::string step_row(const StepRow& row) {
  return fmt::format("<tr>{}{}{}</tr>\n", cell(row.name), times(row.native), times(row.xpoll));
}

std::string step_table(const std::vector<StepRow>& rows, const StepRow& whole) {
  std::string html =
      "<h2>Steps, in microseconds</h2>\n<table>\n<thead><tr><th></th>"
      "<th colspan=\"4\" class=\"native\">native epoll</th>"
      "<th colspan=\"4\" class=\"xpoll\">xpoll</th></tr>\n"
      "<tr><th></th><th>events</th><th>p50</th><th>p99</th><th>max</th>"
      "<th>events</th><th>p50</th><th>p99</th><th>max</th></tr></thead>\n<tbody>\n";
  for (const StepRow& row : rows) html += step_row(row);
  return html + step_row(whole) + "</tbody>\n</table>\n";
}

std::string count_row(const char* kind, const std::string& name, std::uint64_t native,
                      std::uint64_t xpoll, const Comparison& comparison) {
  return fmt::format("<tr class=\"{}\">{}{}{}{}{}</tr>\n", kind, cell(name), number(native),
                     number(xpoll), ratio(per_event(native, comparison.native.figures)),
                     ratio(per_event(xpoll, comparison.xpoll.figures)));
}

std::string count_table(const Comparison& comparison) {
  const counts& native = comparison.native.figures;
  const counts& xpoll = comparison.xpoll.figures;
  std::string html =
      "<h2>Counts</h2>\n<table>\n<thead><tr><th></th><th class=\"native\">native epoll</th>"
      "<th class=\"xpoll\">xpoll</th><th class=\"native\">per event</th>"
      "<th class=\"xpoll\">per event</th></tr></thead>\n<tbody>\n";
  for (const Figure& figure : kFigures)
    html +=
        count_row("whole", figure.meaning, native.*figure.field, xpoll.*figure.field, comparison);
  html += count_row("whole", "system calls", all_calls(native), all_calls(xpoll), comparison);
  for (const CallRow& call : call_rows(comparison))
    html += count_row("part", call.name, call.native, call.xpoll, comparison);
  return html + "</tbody>\n</table>\n";
}

std::string verdict_list(const Comparison& comparison) {
  std::string html = "<ul class=\"verdict\">\n";
  for (const std::string& line : verdict(comparison))
    html += fmt::format("<li>{}</li>\n", escaped(line));
  return html + "</ul>\n";
}

std::string notes(const Comparison& comparison) {
  std::string html;
  if (const auto warning = drift(comparison))
    html += fmt::format("<p class=\"note\">{}</p>\n", escaped(*warning));
  for (const std::string& note : all_notes(comparison))
    html += fmt::format("<p class=\"note\">{}</p>\n", escaped(note));
  return html;
}

/// The SVG element without the file's XML prolog.
std::string element_of(const std::string& picture) {
  const std::size_t start = picture.find("<svg");
  return start == std::string::npos ? std::string() : picture.substr(start);
}

}  // namespace

std::string to_page(const Comparison& comparison, const std::string& picture) {
  std::string html = fmt::format(
      "<!DOCTYPE html>\n<html xmlns=\"http://www.w3.org/1999/xhtml\" lang=\"en\">\n<head>\n"
      "<meta charset=\"utf-8\"/>\n<title>xpoll-compare: {0}</title>\n<style>{1}</style>\n</head>\n"
      "<body>\n<h1><span class=\"native\">Native epoll</span> and <span "
      "class=\"xpoll\">xpoll</span>"
      "</h1>\n<p>{0}</p>\n",
      escaped(comparison.what), kStyle);
  html += verdict_list(comparison) + notes(comparison);
  html += fmt::format("<p>{}. Each run once. {}</p>\n", escaped(setting_of(comparison)), kCaution);
  html += element_of(picture) + count_table(comparison);
  if (const std::vector<StepRow> steps = step_rows(comparison); !steps.empty())
    html += step_table(steps, whole_way(comparison));
  return html + "</body>\n</html>\n";
}

}  // namespace probes::compare
