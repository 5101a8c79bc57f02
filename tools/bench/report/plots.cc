// SPDX-License-Identifier: GPL-2.0-only
#include "plots.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <limits>
#include <map>
#include <optional>
#include <regex>

#include "tools/util/file.h"

namespace bench_report {
namespace {

/// Benchmarks of one subject whose parameters differ in one number, which is the regular
/// expression's group.
struct Axis {
  const char* name;
  const char* subject;
  const char* parameters;
  const char* title;
  const char* x_label;
};

constexpr Axis kAxes[] = {
    {"ctl-add-eventfd", "ctl_add_eventfd", R"((\d+))", "ADD of an eventfd", "descriptors watched"},
    {"ctl-mod-eventfd", "ctl_mod_eventfd", R"((\d+))", "MOD of an eventfd", "descriptors watched"},
    {"ctl-del-eventfd", "ctl_del_eventfd", R"((\d+))", "DEL of an eventfd", "descriptors watched"},
    {"ctl-add-tcp", "ctl_add_tcp", R"((\d+))", "ADD of a TCP socket", "descriptors watched"},
    {"ctl-mod-tcp", "ctl_mod_tcp", R"((\d+))", "MOD of a TCP socket", "descriptors watched"},
    {"ctl-del-tcp", "ctl_del_tcp", R"((\d+))", "DEL of a TCP socket", "descriptors watched"},
    {"ctl-add-unix", "ctl_add_unix", R"((\d+))", "ADD of a UNIX socket", "descriptors watched"},
    {"ctl-mod-unix", "ctl_mod_unix", R"((\d+))", "MOD of a UNIX socket", "descriptors watched"},
    {"ctl-del-unix", "ctl_del_unix", R"((\d+))", "DEL of a UNIX socket", "descriptors watched"},
    {"callback-watched", "callback_eventfd", R"((\d+))", "write to an eventfd, nobody waiting",
     "descriptors watched"},
    {"echo-watched", "echo_tcp", R"(\d+/(\d+))", "an echo over TCP",
     "descriptors watched (1, 64 and 8 of them active)"},
    {"wait-watched", "wait_level_eventfd", R"(1/(\d+))", "wait with 1 ready, level",
     "descriptors watched"},
    {"wait-level-ready", "wait_level_eventfd", R"((\d+)/1000)", "wait with 1,000 watched, level",
     "descriptors ready"},
    {"wait-edge-ready", "wait_edge_eventfd", R"((\d+)/1000)", "wait with 1,000 watched, edge",
     "descriptors ready"},
    {"threads", "threads", R"((\d+))", "an event taken by one of several threads", "threads"},
};

std::optional<double> position(const Axis& axis, const Result& result) {
  std::smatch match;
  if (result.subject != axis.subject) return std::nullopt;
  if (!std::regex_match(result.parameters, match, std::regex{axis.parameters})) return std::nullopt;
  return std::stod(match[1]);
}

Plot to_plot(const Axis& axis, const Results& results) {
  Plot plot{axis.name, axis.title, axis.x_label, "", {}, {}};
  std::map<double, std::map<std::string, double>> points;
  for (const Result& result : results.all) {
    const auto x = position(axis, result);
    if (!x || !result.is_cost()) continue;
    plot.y_label = result.unit;
    if (std::ranges::find(plot.backends, result.backend) == plot.backends.end()) {
      plot.backends.push_back(result.backend);
    }
    points[*x][result.backend] = result.figure;
  }
  for (const auto& [x, figures] : points) {
    std::vector<double> row{x};
    for (const std::string& backend : plot.backends) {
      const auto figure = figures.find(backend);
      row.push_back(figure == figures.end() ? std::numeric_limits<double>::quiet_NaN()
                                            : figure->second);
    }
    plot.rows.push_back(row);
  }
  return plot;
}

std::string data(const Plot& plot) {
  std::string text = fmt::format("# {}", plot.x_label);
  for (const std::string& backend : plot.backends) text += " " + backend;
  text += "\n";
  for (const std::vector<double>& row : plot.rows) {
    text += fmt::format("{}\n", fmt::join(row, " "));
  }
  return text;
}

std::string script(const Plot& plot, const std::string& kernel) {
  std::string lines;
  for (std::size_t backend = 0; backend < plot.backends.size(); ++backend) {
    lines +=
        fmt::format("{}'{}.dat' using 1:{} with linespoints title '{}'",
                    backend == 0 ? "" : ", \\\n  ", plot.name, backend + 2, plot.backends[backend]);
  }
  return fmt::format(
      "set terminal svg size 800,500 noenhanced background 'white'\n"
      "set output '{}.svg'\n"
      "set title \"{}\\nLinux {}\"\n"
      "set xlabel '{}'\nset ylabel '{}'\n"
      "set logscale xy\nset grid\nset key outside right\nset datafile missing 'nan'\n"
      "plot {}\n",
      plot.name, plot.title, kernel, plot.x_label, plot.y_label, lines);
}

}  // namespace

std::vector<Plot> to_plots(const Results& results) {
  std::vector<Plot> plots;
  for (const Axis& axis : kAxes) {
    Plot plot = to_plot(axis, results);
    if (plot.rows.size() > 1) plots.push_back(std::move(plot));
  }
  return plots;
}

void write_plots(const std::vector<Plot>& plots, const std::string& kernel,
                 const std::filesystem::path& directory) {
  std::filesystem::create_directories(directory);
  for (const Plot& plot : plots) {
    xpoll::write_file(directory / (plot.name + ".dat"), data(plot));
    xpoll::write_file(directory / (plot.name + ".gp"), script(plot, kernel));
  }
}

}  // namespace bench_report
