// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <cstdint>

namespace probes::compare {

/// Makes this process the subreaper of its descendants. A process group would not do: a process in
/// its own group gets no Ctrl-C and may not read from the terminal.
void adopt_descendants();

/// Kills all descendants of this process and waits until they are gone. Returns how many it killed.
std::uint64_t end_descendants();

}  // namespace probes::compare
