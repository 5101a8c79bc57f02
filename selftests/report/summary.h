// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "report/counts.h"

namespace xpoll::report {

/** One row of the final table. */
struct Row {
  std::string name;
  std::string outcome;  // one word
  Counts counts;
  std::optional<double> boot_seconds;
  std::optional<double> seconds;  // total time
};

/**
 * What `make check` or `make lint` left below a directory:
 *   static/NAME.step.json                          one check each
 *   unit/NAME.step.json, unit/NAME.json            a test program of the host and its GoogleTest
 * JSON kernels/KERNEL/vm.json, .../tests.json         a guest's verdict and its GoogleTest JSON
 * Beside each GoogleTest JSON a JUnit file is written. A kernel named in `kernels` that left no
 * verdict has failed.
 */
std::vector<Row> summarise(const std::filesystem::path& directory,
                           const std::vector<std::string>& kernels);

/** The row of one guest: kernels/NAME. */
Row guest_row(const std::filesystem::path& directory, const std::string& name);

/** "ok - NAME (N passed, N failed, N skipped, 12.3 s)" */
std::string to_line(const Row& row);

std::string to_table(const std::vector<Row>& rows);
nlohmann::json to_json(const std::vector<Row>& rows);

/** Reads counts from a file with the result of to_json(). A missing file counts as one failure. */
Counts read_counts(const std::filesystem::path& summary);

}  // namespace xpoll::report
