// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <string>

namespace bench_profile {

/// The part of a call that a function's instructions belong to, in the order of a call.
enum class Group {
  kUser,      // the program and its C library
  kEntry,     // system call entry and exit
  kIoctl,     // the path that every ioctl takes
  kSecurity,  // security modules, called in ioctl, open and write, but not in epoll's calls
  kEpoll,     // native epoll itself
  kXpoll,     // the module, and the ftrace code that calls it
  kOthers,    // everything that these call: locks, memory, the watched file's own functions
};

constexpr Group kGroups[] = {Group::kUser,  Group::kEntry, Group::kIoctl, Group::kSecurity,
                             Group::kEpoll, Group::kXpoll, Group::kOthers};

const char* group_name(Group group);

/// Group of a kernel function.
Group group_of(const std::string& function, const std::string& module);

}  // namespace bench_profile
