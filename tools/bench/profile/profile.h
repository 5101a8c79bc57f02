// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "group.h"
#include "round_counts.h"
#include "symbols.h"

namespace bench_profile {

/// Instructions per operation, by backend.
using Figures = std::map<std::string, double>;

struct Function {
  std::string name;
  std::string module;  // empty for the kernel itself and for user space
  Group group = Group::kOthers;
  Figures figures;

  /// The figure of the backend that executes most instructions in it.
  [[nodiscard]] double most() const;
};

/// Where a subject's instructions are executed, on each backend that was measured.
struct Profile {
  std::string subject;
  std::string parameters;
  std::vector<std::string> backends;  // in the order in which they were measured
  std::vector<Function> functions;    // by group, most expensive first

  [[nodiscard]] Figures total() const;
  [[nodiscard]] Figures total(Group group) const;
};

/// Pairs the counts of each section with the benchmark that the section belongs to. The runs are
/// the results of all runs of xpoll-bench, in order. Throws std::runtime_error if the numbers of
/// sections and benchmarks differ.
std::vector<Profile> to_profiles(const std::vector<Counts>& sections, const Symbols& symbols,
                                 const std::vector<nlohmann::json>& runs);

}  // namespace bench_profile
