// SPDX-License-Identifier: GPL-2.0-only
#include "profile.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>
#include <tuple>

#include "report/results.h"

namespace bench_profile {
namespace {

struct Measurement {
  bench_report::Result name;
  double operations = 0;
};

/// Returns the measurements that ran rounds and therefore have sections.
std::vector<Measurement> measurements(const std::vector<nlohmann::json>& runs) {
  std::vector<Measurement> all;
  for (const auto& run : runs) {
    for (const auto& benchmark : run.at("benchmarks")) {
      if (!benchmark.contains("operations")) continue;
      all.push_back({bench_report::split_name(benchmark.at("name").get<std::string>()),
                     benchmark.at("operations").get<double>()});
    }
  }
  return all;
}

Profile& profile_of(std::vector<Profile>& profiles, const bench_report::Result& name) {
  const auto found = std::ranges::find_if(profiles, [&](const Profile& profile) {
    return profile.subject == name.subject && profile.parameters == name.parameters;
  });
  if (found != profiles.end()) return *found;
  return profiles.emplace_back(Profile{name.subject, name.parameters, {}, {}});
}

Function& function_at(Profile& profile, std::uint64_t address, const Symbols& symbols) {
  const bool user = address < kKernelHalf;
  const Symbol* symbol = user ? nullptr : symbols.find(address);
  const std::string name = user ? "(user space)" : symbol != nullptr ? symbol->name : "(none)";
  const std::string module = symbol == nullptr ? "" : symbol->module;
  const auto found = std::ranges::find_if(profile.functions, [&](const Function& known) {
    return known.name == name && known.module == module;
  });
  if (found != profile.functions.end()) return *found;
  const Group group = user ? Group::kUser : group_of(name, module);
  return profile.functions.emplace_back(Function{name, module, group, {}});
}

void add_section(Profile& profile, const std::string& backend, double operations,
                 const Counts& counts, const Symbols& symbols) {
  profile.backends.push_back(backend);
  for (const auto& [address, count] : counts) {
    function_at(profile, address, symbols).figures[backend] +=
        static_cast<double>(count) / operations;
  }
}

template <typename Functions>
Figures sum(const Functions& functions) {
  Figures total;
  for (const Function& function : functions) {
    for (const auto& [backend, figure] : function.figures) total[backend] += figure;
  }
  return total;
}

}  // namespace

double Function::most() const {
  double most = 0;
  for (const auto& [backend, figure] : figures) most = std::max(most, figure);
  return most;
}

Figures Profile::total() const { return sum(functions); }

Figures Profile::total(Group group) const {
  std::vector<Function> members;
  std::ranges::copy_if(functions, std::back_inserter(members),
                       [&](const Function& function) { return function.group == group; });
  return sum(members);
}

std::vector<Profile> to_profiles(const std::vector<Counts>& sections, const Symbols& symbols,
                                 const std::vector<nlohmann::json>& runs) {
  const std::vector<Measurement> measured = measurements(runs);
  if (measured.size() != sections.size()) {
    throw std::runtime_error(
        fmt::format("{} sections were counted, but {} benchmarks were measured", sections.size(),
                    measured.size()));
  }
  std::vector<Profile> profiles;
  for (std::size_t section = 0; section < sections.size(); ++section) {
    const auto& [name, operations] = measured[section];
    add_section(profile_of(profiles, name), name.backend, operations, sections[section], symbols);
  }
  for (Profile& profile : profiles) {
    std::ranges::stable_sort(profile.functions, [](const Function& one, const Function& other) {
      return std::tuple(one.group, -one.most()) < std::tuple(other.group, -other.most());
    });
  }
  return profiles;
}

}  // namespace bench_profile
