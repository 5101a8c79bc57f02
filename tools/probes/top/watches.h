// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>

#include "probes/bpf/top.h"
#include "probes/top/worker.h"

namespace top {

/// How many descriptors an instance watches, by a descriptor that a process has of it; empty if
/// that is gone, or is of something else by now.
std::optional<std::uint64_t> count_watches(top_kind kind, pid_t pid, int fd);

/// The file that it watches with EPOLLEXCLUSIVE, the first of them in the order of their numbers,
/// or nothing if there is none with an inode of its own; empty as above.
std::optional<Exclusive> exclusively_watched(top_kind kind, pid_t pid, int fd);

}  // namespace top
