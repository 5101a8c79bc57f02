// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace run {

/// The property of the file for which the kernel starts it in secure-execution mode (AT_SECURE), in
/// which the dynamic loader ignores LD_PRELOAD: "set-user-ID" and so on. Nothing if this user gains
/// no privilege. Needs no read permission: many set-user-ID programs give none.
std::optional<std::string> privilege_gained(const std::filesystem::path& file);

}  // namespace run
