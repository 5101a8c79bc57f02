// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>

#include "probes/bpf/top.h"
#include "probes/top/worker.h"

namespace top {

/// The number of watches of the instance behind a process's descriptor; empty if the descriptor is
/// closed or refers to something else.
std::optional<std::uint64_t> count_watches(top_kind kind, pid_t pid, int fd);

/// The file that it watches with EPOLLEXCLUSIVE: the one with the lowest descriptor number, or
/// nothing if no such file has an inode of its own; empty as above.
std::optional<Exclusive> exclusively_watched(top_kind kind, pid_t pid, int fd);

}  // namespace top
