// SPDX-License-Identifier: GPL-2.0-only
#include "profile_table.h"

#include <fmt/format.h>

#include <algorithm>

#include "tools/util/text_table.h"

namespace bench_profile {
namespace {

using Cells = std::vector<std::string>;

/// A function with fewer instructions per operation gets no line of its own.
constexpr double kSmall = 0.5;

/// Only two columns can be compared, and only if the first one is the baseline of the second.
bool has_difference(const Profile& profile) { return profile.backends.size() == 2; }

double figure_of(const Figures& figures, const std::string& backend) {
  const auto found = figures.find(backend);
  return found == figures.end() ? 0 : found->second;
}

void add(xpoll::TextTable& table, const Profile& profile, Cells cells, const Figures& figures) {
  for (const std::string& backend : profile.backends) {
    const auto found = figures.find(backend);
    cells.push_back(found == figures.end() ? "" : fmt::format("{:.1f}", found->second));
  }
  if (has_difference(profile)) {
    cells.push_back(fmt::format("{:+.1f}", figure_of(figures, profile.backends[1]) -
                                               figure_of(figures, profile.backends[0])));
  }
  table.add(std::move(cells));
}

xpoll::TextTable table_of(const Profile& profile, Cells heads) {
  const std::size_t left = heads.size();
  heads.insert(heads.end(), profile.backends.begin(), profile.backends.end());
  if (has_difference(profile)) heads.emplace_back("more");
  return xpoll::TextTable(xpoll::columns_of(std::move(heads), left));
}

std::string groups_table(const Profile& profile) {
  xpoll::TextTable table = table_of(profile, {"where"});
  for (const Group group : kGroups) {
    const Figures figures = profile.total(group);
    if (figures.empty()) continue;
    add(table, profile, {group_name(group)}, figures);
  }
  add(table, profile, {"all"}, profile.total());
  return table.markdown();
}

std::string full_name(const Function& function) {
  return function.module.empty() ? function.name
                                 : fmt::format("{} [{}]", function.name, function.module);
}

std::string functions_table(const Profile& profile) {
  xpoll::TextTable table = table_of(profile, {"where", "function"});
  Figures small;
  for (const Function& function : profile.functions) {
    if (function.most() < kSmall) {
      for (const auto& [backend, figure] : function.figures) small[backend] += figure;
      continue;
    }
    add(table, profile, {group_name(function.group), full_name(function)}, function.figures);
  }
  if (!small.empty()) add(table, profile, {"", "smaller ones"}, small);
  return table.markdown();
}

std::string title(const Profile& profile) {
  return profile.parameters.empty() ? profile.subject
                                    : fmt::format("{} {}", profile.subject, profile.parameters);
}

}  // namespace

std::string file_name(const Profile& profile) {
  std::string name = profile.subject;
  if (!profile.parameters.empty()) name += "-" + profile.parameters;
  std::ranges::replace(name, '/', '-');
  return name;
}

std::string to_text(const Profile& profile, const std::string& kernel) {
  return fmt::format("{}: instructions of one operation, in the cheapest round\nLinux {}\n\n{}\n{}",
                     title(profile), kernel, groups_table(profile), functions_table(profile));
}

nlohmann::json to_json(const Profile& profile, const std::string& kernel) {
  auto groups = nlohmann::json::object();
  for (const Group group : kGroups) {
    const Figures figures = profile.total(group);
    if (!figures.empty()) groups[group_name(group)] = figures;
  }
  auto functions = nlohmann::json::array();
  for (const Function& function : profile.functions) {
    functions.push_back({{"function", function.name},
                         {"module", function.module},
                         {"where", group_name(function.group)},
                         {"instructions", function.figures}});
  }
  return {{"kernel", kernel},         {"subject", profile.subject},
          {"unit", "instructions"},   {"parameters", profile.parameters},
          {"total", profile.total()}, {"groups", groups},
          {"functions", functions}};
}

std::string to_plot(const Profile& profile, const std::string& kernel) {
  std::string data = "\"\"";
  std::vector<Group> groups;
  for (const Group group : kGroups) {
    if (profile.total(group).empty()) continue;
    groups.push_back(group);
    data += fmt::format(" \"{}\"", group_name(group));
  }
  for (const std::string& backend : profile.backends) {
    data += fmt::format("\n\"{}\"", backend);
    for (const Group group : groups) {
      data += fmt::format(" {:.1f}", figure_of(profile.total(group), backend));
    }
  }
  return fmt::format(
      "$profile << END\n{}\nEND\n"
      "set terminal svg size 800,500 noenhanced background 'white'\n"
      "set output 'profile-{}.svg'\n"
      "set title \"{}\\nLinux {}\"\n"
      "set ylabel 'instructions of one operation'\n"
      "set style data histogram\nset style histogram rowstacked\n"
      "set style fill solid 0.8 border -1\nset boxwidth 0.6\nset yrange [0:*]\n"
      "set grid y\nset key outside right invert\n"
      "plot for [column = 2:{}] $profile using column:xtic(1) title columnheader(column)\n",
      data, file_name(profile), title(profile), kernel, groups.size() + 1);
}

}  // namespace bench_profile
