// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "command.h"

namespace probes::compare {

/// The command of one of the two runs.
struct Side {
  const char* name;
  Words command;
  /// Number of execs by launchers before the process becomes the command.
  unsigned launcher_execs = 0;
  /// The load to run while the command serves. When the load ends, the command is ended.
  Words load;
};

struct Plan {
  std::string what;
  Side native;
  Side xpoll;
  /// Both programs are xpoll's own: each ends by itself, and prints a JSON line.
  bool bundled = false;
};

/// A user's command and, for a server, the shell command of the load.
Plan plan_command(const Words& command, const std::optional<std::string>& load);

struct EchoLoad {
  std::uint32_t connections = 10;
  std::uint32_t messages = 100;  ///< on each connection
  std::uint32_t size = 256;      ///< bytes
};

/// The echo server and client of the library's examples.
Plan plan_echo(const EchoLoad& load);

}  // namespace probes::compare
