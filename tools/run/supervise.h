// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include "execute.h"

namespace run {

/// Runs the program as a child and waits for its end. Signals sent to this process are forwarded to
/// the child, and this process stops and continues with it. Returns the wait status. Throws Failure
/// if the program can't be started.
int supervise(const Command& command);

/// Ends this process with the same status or signal.
[[noreturn]] void end_likewise(int wait_status);

}  // namespace run
