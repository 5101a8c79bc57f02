// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <optional>
#include <string>

namespace run {

/// What makes the kernel start this file in secure-execution mode (AT_SECURE), in which the dynamic
/// loader does not preload: "set-user-ID" and the like. Nothing if this user gains no privilege by
/// it.
std::optional<std::string> privilege_gained(int file);

}  // namespace run
