// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <cstdint>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace xpoll::report {

/** What one test with an unmodified program recorded. */
struct AppRow {
  std::string kernel;
  std::string test;
  bool passed = false;
  std::string program = {};  // with its version; these are empty if the test did not come that far
  std::string backend = {};
  std::string work = {};
  uint64_t errors = 0;
  uint64_t instances = 0;
  uint64_t watches = 0;
  uint64_t wakeups = 0;
  uint64_t events = 0;
};

/** From a GoogleTest JSON, the tests' properties being the rows' columns. */
std::vector<AppRow> read_app_rows(const std::string& kernel, const nlohmann::json& output);

/**
 * The rows of all runs, a run being KERNEL-apps with its result in kernels/KERNEL-apps/tests.json.
 * A run that left none gets one row, which failed.
 */
std::vector<AppRow> collect_app_rows(const std::filesystem::path& directory,
                                     const std::vector<std::string>& runs);

std::string to_table(const std::vector<AppRow>& rows);
nlohmann::json to_json(const std::vector<AppRow>& rows);

}  // namespace xpoll::report
