// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>

namespace top {

/// How many descriptors an instance watches, by a descriptor that a process has of it; empty if
/// that is gone.
std::optional<std::uint64_t> count_watches(pid_t pid, int fd);

}  // namespace top
