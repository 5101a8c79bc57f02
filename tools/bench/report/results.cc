// SPDX-License-Identifier: GPL-2.0-only
#include "results.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace bench_report {
namespace {

/// The counters that are figures, by the name in xpoll-bench's output, and their units.
constexpr std::pair<const char*, const char*> kFigures[] = {
    {"instructions", "instructions"},
    {"ns", "ns"},
    {"ns_p90", "ns, 90th percentile"},
    {"ns_p99", "ns, 99th percentile"},
    {"ns_max", "ns, longest"},
    {"bytes", "bytes"},
    {"calls", "server's system calls"},
    {"busiest_share", "share of the busiest worker"},
    {"wakeups_each", "wake-ups for each connection"},
    {"delivered", "events delivered"},
    {"lost", "events lost"},
};

void read_benchmark(const nlohmann::json& json, std::vector<Result>& results) {
  const auto name = json.at("name").get<std::string>();
  if (json.value("error_occurred", false)) {
    throw std::runtime_error(fmt::format("{}: {}", name, json.value("error_message", "failed")));
  }
  Result result = split_name(name);
  const std::size_t before = results.size();
  for (const auto& [counter, unit] : kFigures) {
    if (!json.contains(counter)) continue;
    result.unit = unit;
    result.figure = json.at(counter).get<double>();
    results.push_back(result);
  }
  if (results.size() == before) throw std::runtime_error(fmt::format("{} has no figure", name));
}

}  // namespace

Result split_name(const std::string& name) {
  const auto backend = name.find('/');
  if (backend == std::string::npos) {
    throw std::runtime_error(fmt::format("'{}' names no backend", name));
  }
  const auto parameters = name.find('/', backend + 1);
  Result result;
  result.subject = name.substr(0, backend);
  result.backend = name.substr(backend + 1, parameters - backend - 1);
  if (parameters != std::string::npos) result.parameters = name.substr(parameters + 1);
  return result;
}

const Result* Results::sibling(const Result& result, std::string_view backend) const {
  const auto found = std::ranges::find_if(all, [&](const Result& candidate) {
    return candidate.subject == result.subject && candidate.backend == backend &&
           candidate.parameters == result.parameters && candidate.unit == result.unit;
  });
  return found == all.end() ? nullptr : &*found;
}

Results read_results(const nlohmann::json& json) {
  Results results;
  const auto& context = json.at("context");
  results.kernel = fmt::format("{} ({})", context.at("kernel_release").get<std::string>(),
                               context.at("kernel_version").get<std::string>());
  for (const auto& benchmark : json.at("benchmarks")) read_benchmark(benchmark, results.all);
  return results;
}

nlohmann::json merge(const std::vector<nlohmann::json>& runs) {
  nlohmann::json merged = runs.at(0);
  for (auto run = runs.begin() + 1; run != runs.end(); ++run) {
    for (const char* key : {"kernel_release", "kernel_version"}) {
      if (run->at("context").at(key) != merged.at("context").at(key)) {
        throw std::runtime_error("results of different kernels can't be merged");
      }
    }
    for (const auto& benchmark : run->at("benchmarks")) merged["benchmarks"].push_back(benchmark);
  }
  return merged;
}

}  // namespace bench_report
