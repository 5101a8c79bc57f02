// SPDX-License-Identifier: GPL-2.0-only
#include "registry.h"

#include <regex>

namespace bench {
void add_benchmark_named(const Settings& settings, const std::string& name,
                         std::function<void(benchmark::State&)> body) {
  if (!std::regex_search(name, settings.filter)) return;
  if (settings.only_list) {
    fmt::print("{}\n", name);
    return;
  }
  benchmark::RegisterBenchmark(name.c_str(), std::move(body))
      ->UseManualTime()
      ->Iterations(settings.rounds);
}

}  // namespace bench
