// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <CLI/CLI.hpp>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "wake_policy.h"

namespace run {

/// The command line.
struct Options {
  bool print_stats = false;
  std::filesystem::path json;
  bool fallback = false;
  bool io_uring = false;
  bool calls = false;    ///< by epoll's own calls only
  bool preload = false;  ///< by the preload library only
  bool close_removes = false;
  std::optional<WakePolicy> wake;
  std::vector<std::string> command;

  [[nodiscard]] bool count() const { return print_stats || !json.empty(); }
};

/// Declares the options.
void declare(CLI::App& app, Options& options);
/// The program and its arguments: what CLI11 did not parse. Throws CLI::ParseError.
std::vector<std::string> command_of(const CLI::App& app);

}  // namespace run
