// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <string>
#include <xpoll/unique_fd.hpp>

// Which probes the running kernel supports. This is found by loading a program that does nothing,
// because lists of functions are less accurate and not readable for everyone who may load programs.

namespace probes {

/// Whether the kernel or a module has a tracepoint of that name.
bool tracepoint_there(const std::string& name);

/// An fentry program that does nothing, loaded for this kernel function but not attached. Invalid
/// if the kernel refuses it.
xpoll::unique_fd load_idle_fentry(const std::string& function);

/// Whether xpoll has hooked this kernel function, as it does with those behind epoll's system calls
/// once a process has opted in. No fentry or fexit program can be attached to it then.
bool hooked_by_xpoll(const std::string& function);

/// Whether an fentry program (and so an fexit program) is possible for this kernel function.
bool fentry_possible(const std::string& function);

}  // namespace probes
