// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace run {

/// The policy that chooses among several waiters.
struct WakePolicy {
  std::uint32_t policy;           ///< XPOLL_WAKE_*
  std::filesystem::path program;  ///< for XPOLL_WAKE_BPF: the object file
};

/// Parses the argument of --wake. Throws Failure if it is invalid.
WakePolicy wake_policy(const std::string& name);

}  // namespace run
