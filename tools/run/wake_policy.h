// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace run {

/// Who is woken if several could be.
struct WakePolicy {
  std::uint32_t policy;           ///< XPOLL_WAKE_*
  std::filesystem::path program;  ///< with XPOLL_WAKE_BPF: the object file that has it
};

/// What --wake means by this. Throws Failure if it means nothing.
WakePolicy wake_policy(const std::string& name);

}  // namespace run
