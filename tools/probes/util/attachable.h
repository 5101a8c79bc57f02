// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <string>
#include <xpoll/unique_fd.hpp>

// What the running kernel can be probed by. Found by trying, with a program that does nothing:
// lists of functions tell less, and are not there for everybody who may load programs.

namespace probes {

/// Is there a tracepoint of that name, in the kernel or in a module?
bool tracepoint_there(const std::string& name);

/// A program of type fentry that does nothing, loaded for that function of the kernel's own but not
/// attached. Not valid if the kernel refuses it.
xpoll::unique_fd load_idle_fentry(const std::string& function);

/// Is a program of type fentry (and so fexit) accepted for that function of the kernel's own?
bool fentry_possible(const std::string& function);

}  // namespace probes
