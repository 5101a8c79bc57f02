// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <filesystem>
#include <optional>

#include "device.h"
#include "options.h"

namespace run {

/// How a program comes to xpoll.
enum class Way {
  calls,    ///< by epoll's own system calls
  preload,  ///< by the preload library
  native,   ///< not at all
};

/// Prepares this process for executing or starting the program: opts in, so that epoll's own calls
/// reach xpoll, or else sets up the preload library. The program's instances join the group, if
/// there is one. Throws Failure if the program can't run as the options demand.
Way take_way(const Options& options, const std::filesystem::path& program,
             const std::optional<Device>& device, const std::optional<Group>& group);

}  // namespace run
