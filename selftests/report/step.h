// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <filesystem>
#include <string>

#include "tools/util/process.h"

namespace xpoll::report {

/**
 * Runs the command, writes its output to DIRECTORY/NAME.log, and records in
 * DIRECTORY/NAME.step.json whether it succeeded. Prints one line, and the output if it failed. Live
 * output is shown immediately and not logged.
 */
enum class Output { kKept, kLive };
bool run_step(const std::string& name, const std::filesystem::path& directory, const Argv& command,
              Output output = Output::kKept);

}  // namespace xpoll::report
