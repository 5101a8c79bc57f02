// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <filesystem>
#include <string>

#include "tools/util/process.h"

namespace xpoll::report {

/**
 * Runs the command, its output into DIRECTORY/NAME.log, and notes in DIRECTORY/NAME.step.json
 * whether it succeeded. Shows one line, and the output if it failed; live output is shown as it
 * comes, and has no log.
 */
enum class Output { kKept, kLive };
bool run_step(const std::string& name, const std::filesystem::path& directory, const Argv& command,
              Output output = Output::kKept);

}  // namespace xpoll::report
