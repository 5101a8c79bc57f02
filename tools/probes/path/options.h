// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "probes/path/tracer.h"

namespace CLI {
class App;
}

namespace probes::path {

struct Options {
  bool native = false;  ///< with neither: native epoll, and xpoll if it is loaded
  bool xpoll = false;
  TracerOptions tracer;
  std::optional<std::uint64_t> count;
  std::optional<std::uint64_t> timelines;
  double duration_seconds = 0;
  double interval_seconds = 0;
  bool json = false;

  /// Whether it stops by itself, with a summary.
  [[nodiscard]] bool ends() const { return count || duration_seconds > 0; }
  /// For each implementation.
  [[nodiscard]] std::uint64_t timelines_shown() const;
};

/// Adds the options to the command line.
void declare(CLI::App& app, Options& options);

}  // namespace probes::path
