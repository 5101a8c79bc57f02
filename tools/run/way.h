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

/// Lets the program that this process becomes, or starts, come to xpoll: by epoll's own calls, or
/// by the preload library where these don't reach xpoll. Its instances join the group, if there is
/// one. Without the device it runs on native epoll. Throws Failure if it can't run as the options
/// say.
Way take_way(const Options& options, const std::filesystem::path& program,
             const std::optional<Device>& device, const std::optional<Group>& group);

}  // namespace run
