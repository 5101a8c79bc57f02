// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "results.h"

namespace bench_report {

/// A figure as a function of one parameter, one line per backend.
struct Plot {
  std::string name;  // base name of its files
  std::string title;
  std::string x_label;
  std::string y_label;
  std::vector<std::string> backends;
  std::vector<std::vector<double>> rows;  // x, then the figure of each backend; NaN if it was not
                                          // measured
};

/// Returns the plots for which the results have at least two points.
std::vector<Plot> to_plots(const Results& results);

/// Writes NAME.dat and NAME.gp for each plot. gnuplot, run in that directory, makes NAME.svg.
void write_plots(const std::vector<Plot>& plots, const std::string& kernel,
                 const std::filesystem::path& directory);

}  // namespace bench_report
