// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <cstdint>

namespace probes::compare {

/// Makes this process the parent of those whose own parent ends before they do. A process group
/// would do less: who is in one of its own gets no Ctrl-C, and may not read from the terminal.
void adopt_descendants();

/// Kills whatever processes this one still has below it, and waits until they are gone. So many had
/// to be killed.
std::uint64_t end_descendants();

}  // namespace probes::compare
