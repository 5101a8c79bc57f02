// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <cstdint>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace xpoll::report {

/** The record of one test with an unmodified program. */
struct AppRow {
  std::string kernel;
  std::string test;
  bool passed = false;
  std::string program = {};  // with its version; empty, like the next ones, if the test ended early
  std::string backend = {};
  std::string work = {};
  uint64_t errors = 0;
  uint64_t instances = 0;
  uint64_t watches = 0;
  uint64_t wakeups = 0;
  uint64_t events = 0;
};

/** Reads rows from GoogleTest's JSON. The tests' properties are the columns. */
std::vector<AppRow> read_app_rows(const std::string& kernel, const nlohmann::json& output);

/**
 * The rows of all runs. A run is KERNEL-apps, with its result in kernels/KERNEL-apps/tests.json. A
 * run without results gets one row, which is marked as failed.
 */
std::vector<AppRow> collect_app_rows(const std::filesystem::path& directory,
                                     const std::vector<std::string>& runs);

std::string to_table(const std::vector<AppRow>& rows);
nlohmann::json to_json(const std::vector<AppRow>& rows);

}  // namespace xpoll::report
