// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include "execute.h"

namespace run {

/// Runs the program as a child and waits for its end, standing in for it meanwhile: what signals
/// are sent to this process it gets, and as it stops and goes on, so does this process. Returns its
/// wait status. Throws Failure if it can't be started.
int supervise(const Command& command);

/// Ends this process as that status says the program ended.
[[noreturn]] void end_likewise(int wait_status);

}  // namespace run
