// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "results.h"

namespace bench_report {

/// A figure as a function of one parameter, a line for each backend.
struct Plot {
  std::string name;  // of its files
  std::string title;
  std::string x_label;
  std::string y_label;
  std::vector<std::string> backends;
  std::vector<std::vector<double>> rows;  // x, then each backend's figure; NaN where there is none
};

/// All that the results have at least two points for.
std::vector<Plot> to_plots(const Results& results);

/// NAME.dat and NAME.gp for each, so that gnuplot, run in that directory, makes NAME.svg.
void write_plots(const std::vector<Plot>& plots, const std::string& kernel,
                 const std::filesystem::path& directory);

}  // namespace bench_report
