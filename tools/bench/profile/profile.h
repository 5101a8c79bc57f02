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

/// Instructions of one operation, by backend.
using Figures = std::map<std::string, double>;

struct Function {
  std::string name;
  std::string module;  // empty: of the kernel itself, or user space
  Group group = Group::kOthers;
  Figures figures;

  /// On the backend that runs it most.
  [[nodiscard]] double most() const;
};

/// Where the instructions of a subject go, on each backend that was measured.
struct Profile {
  std::string subject;
  std::string parameters;
  std::vector<std::string> backends;  // in the order in which they were measured
  std::vector<Function> functions;    // by group, the dearest first

  [[nodiscard]] Figures total() const;
  [[nodiscard]] Figures total(Group group) const;
};

/// Joins what was counted in each section with the benchmark that the section is of: the
/// measurements of all these runs of xpoll-bench, in order. Throws std::runtime_error if there are
/// not as many of one as of the other.
std::vector<Profile> to_profiles(const std::vector<Counts>& sections, const Symbols& symbols,
                                 const std::vector<nlohmann::json>& runs);

}  // namespace bench_profile
