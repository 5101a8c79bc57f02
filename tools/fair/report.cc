// SPDX-License-Identifier: GPL-2.0-only
#include "report.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <nlohmann/json.hpp>

#include "tools/util/text_table.h"
#include "tools/util/thousands.h"

namespace fair {
namespace {

using Json = nlohmann::ordered_json;

constexpr double percent = 100.0;

double ratio(std::uint64_t part, std::uint64_t whole) {
  return whole == 0 ? 0.0 : static_cast<double>(part) / static_cast<double>(whole);
}

std::string share(std::uint64_t part, std::uint64_t whole) {
  return fmt::format("{:.1f} %", percent * ratio(part, whole));
}

std::string count(std::uint64_t number) { return fmt::format(xpoll::thousands(), "{:L}", number); }

/// Infinite if a worker got no connection.
std::string most_to_least(const Outcome& outcome) {
  return outcome.least() == 0 ? "-" : fmt::format("{:.2f}", ratio(outcome.most(), outcome.least()));
}

std::vector<std::string> row_of(const Outcome& outcome) {
  return {
      outcome.server,
      outcome.name,
      share(outcome.most(), outcome.connections()),
      share(outcome.least(), outcome.connections()),
      most_to_least(outcome),
      outcome.to_silent ? count(*outcome.to_silent) : "",
      outcome.hang ? fmt::format("{} of {}", outcome.hang->waited, outcome.hang->requests) : ""};
}

Json json_of(const Outcome& outcome) {
  Json json{{"server", outcome.server},
            {"name", outcome.name},
            {"connections", outcome.connections()},
            {"connections_by_worker", outcome.shares}};
  if (outcome.to_silent) json["to_silent_worker"] = *outcome.to_silent;
  if (outcome.hang)
    json["hang"] = {{"requests", outcome.hang->requests}, {"waited", outcome.hang->waited}};
  return json;
}

std::string title(const Outcome& outcome) {
  return fmt::format("{}: {}", outcome.server, outcome.name);
}

}  // namespace

std::string to_text(const Report& report) {
  xpoll::TextTable table({xpoll::left("server"), xpoll::left("workers"), xpoll::right("busiest"),
                          xpoll::right("least"), xpoll::right("ratio"), xpoll::right("silent"),
                          xpoll::right("waited")});
  for (const Outcome& outcome : report.outcomes) table.add(row_of(outcome));
  return fmt::format("Connections of the busiest and the least busy worker, on {}:\n\n{}",
                     report.kernel, table.text());
}

std::string to_json(const Report& report) {
  Json json{{"kernel", report.kernel}, {"outcomes", Json::array()}};
  for (const Outcome& outcome : report.outcomes) json["outcomes"].push_back(json_of(outcome));
  return json.dump(2) + '\n';
}

std::string to_plot(const Report& report) {
  std::string shares;
  std::string hangs;
  for (std::size_t row = 0; row < report.outcomes.size(); ++row) {
    const Outcome& outcome = report.outcomes[row];
    Shares sorted = outcome.shares;
    std::ranges::sort(sorted, std::greater());
    double from = 0;
    for (std::size_t rank = 0; rank < sorted.size(); ++rank) {
      const double to = from + percent * ratio(sorted[rank], outcome.connections());
      shares += fmt::format("{} {:.3f} {:.3f} {} \"{}\"\n", row, from, to, rank, title(outcome));
      from = to;
    }
    if (outcome.hang)
      hangs += fmt::format("{} {:.3f}\n", row,
                           percent * ratio(outcome.hang->waited, outcome.hang->requests));
  }
  return shares + "\n\n" + hangs;
}

}  // namespace fair
