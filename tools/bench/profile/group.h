// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <string>

namespace bench_profile {

/// Whose doing a function's instructions are, in the order of a call.
enum class Group {
  kUser,      // the program and its C library
  kEntry,     // into the kernel and back, whatever the call
  kIoctl,     // what every ioctl goes through
  kSecurity,  // security modules, asked in an ioctl, an open, a write, but not in epoll's calls
  kEpoll,     // native epoll itself
  kXpoll,     // the module itself, and what ftrace needs to call it
  kOthers,    // what they use: locks, memory, the watched file's own functions
};

constexpr Group kGroups[] = {Group::kUser,  Group::kEntry, Group::kIoctl, Group::kSecurity,
                             Group::kEpoll, Group::kXpoll, Group::kOthers};

const char* group_name(Group group);

/// Of a function of the kernel's.
Group group_of(const std::string& function, const std::string& module);

}  // namespace bench_profile
