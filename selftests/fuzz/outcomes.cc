// SPDX-License-Identifier: GPL-2.0-only
#include "outcomes.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

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
  std::string text;
  for (const auto& [operation, counts] : counts_) {
    text += fmt::format("{:<18}", operation);
    for (const auto& [outcome, count] : counts) text += fmt::format("  {} {}", outcome, count);
    text += '\n';
  }
  return text;
}

nlohmann::json Outcomes::json() const { return counts_; }

}  // namespace xpoll::fuzz
