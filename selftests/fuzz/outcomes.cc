// SPDX-License-Identifier: GPL-2.0-only
#include "outcomes.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <vector>

#include "tools/util/text_table.h"

namespace xpoll::fuzz {

void Outcomes::count(std::string_view operation, std::string_view outcome) {
  auto counts = counts_.find(operation);
  if (counts == counts_.end()) counts = counts_.emplace(operation, Counts()).first;
  const auto entry = counts->second.find(outcome);
  if (entry == counts->second.end())
    counts->second.emplace(outcome, 1);
  else
    entry->second++;
}

std::uint64_t Outcomes::of(std::string_view operation, std::string_view outcome) const {
  const auto counts = counts_.find(operation);
  if (counts == counts_.end()) return 0;
  const auto entry = counts->second.find(outcome);
  return entry == counts->second.end() ? 0 : entry->second;
}

std::string Outcomes::table() const {
  TextTable table({left("", 18), left()});
  for (const auto& [operation, counts] : counts_) {
    std::vector<std::string> cells;
    for (const auto& [outcome, count] : counts)
      cells.push_back(fmt::format("{} {}", outcome, count));
    table.add({operation, fmt::format("{}", fmt::join(cells, "  "))});
  }
  return table.text();
}

nlohmann::json Outcomes::json() const { return counts_; }

}  // namespace xpoll::fuzz
