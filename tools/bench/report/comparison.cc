// SPDX-License-Identifier: GPL-2.0-only
#include "comparison.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "figure.h"
#include "tools/util/text_table.h"

namespace bench_report {
namespace {

std::string full_name(const Result& result) {
  std::string name = fmt::format("{}/{}", result.subject, result.backend);
  if (!result.parameters.empty()) name += "/" + result.parameters;
  return name;
}

}  // namespace

std::vector<Change> changes(const Results& base, const Results& now, double threshold) {
  std::vector<Change> found;
  for (const Result& result : now.all) {
    const Result* before = base.sibling(result, result.backend);
    if (before == nullptr) continue;
    const Change change{full_name(result), result.unit, before->figure, result.figure};
    if (std::abs(change.relative()) > threshold) found.push_back(change);
  }
  std::ranges::stable_sort(found, [](const Change& one, const Change& other) {
    return std::abs(one.relative()) > std::abs(other.relative());
  });
  return found;
}

std::string changes_table(const Results& base, const Results& now, double threshold) {
  xpoll::TextTable table(xpoll::columns_of({"benchmark", "unit", "before", "now", "change"}, 2));
  for (const Change& change : changes(base, now, threshold)) {
    constexpr double kPercent = 100;
    table.add({change.name, change.unit, format_figure(change.before), format_figure(change.after),
               fmt::format("{:+.1f} %", kPercent * change.relative())});
  }
  return fmt::format("before: Linux {}\nnow:    Linux {}\n\n{}", base.kernel, now.kernel,
                     table.empty() ? "Nothing changed.\n" : table.markdown());
}

nlohmann::json changes_json(const Results& base, const Results& now, double threshold) {
  auto list = nlohmann::json::array();
  for (const Change& change : changes(base, now, threshold)) {
    list.push_back({{"name", change.name},
                    {"unit", change.unit},
                    {"before", change.before},
                    {"now", change.after},
                    {"change", change.relative()}});
  }
  return {{"before", base.kernel}, {"now", now.kernel}, {"changes", list}};
}

}  // namespace bench_report
