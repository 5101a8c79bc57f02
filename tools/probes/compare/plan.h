// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "command.h"

namespace probes::compare {

/// One of the two runs.
struct Side {
  const char* name;
  Words command;
  /// Programs that the process is before it is the one to be counted.
  unsigned launcher_execs = 0;
  /// What makes the load while the command serves; the command is ended when it has ended.
  Words load;
};

struct Plan {
  std::string what;
  Side native;
  Side xpoll;
  /// Both are our own: each ends by itself, and prints a line of JSON.
  bool bundled = false;
};

/// A user's command, and if it is a server, the load for it, a command for the shell.
Plan plan_command(const Words& command, const std::optional<std::string>& load);

struct EchoLoad {
  std::uint32_t connections = 10;
  std::uint32_t messages = 100;  ///< on each connection
  std::uint32_t size = 256;      ///< bytes
};

/// The echo server and client that the library has as examples.
Plan plan_echo(const EchoLoad& load);

}  // namespace probes::compare
