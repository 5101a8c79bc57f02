// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace xpoll {

/** The kernel's list of all instances of xpoll, for root: see xpoll(4). */
inline constexpr const char* kInstanceList = "/sys/kernel/debug/xpoll/instances";

/** An instance as it was when its line was read. */
struct ListedInstance {
  std::uint64_t id = 0;  // no other instance gets it until the module is unloaded
  uid_t uid = 0;         // whose quota its watches are charged to
  pid_t pid = 0;         // the process that created it, which may have ended
  std::uint32_t group = 0;
  std::uint32_t slots = 0;  // of its ready ring, or 0
  std::uint64_t watches = 0;
  std::uint32_t watchers = 0;  // watches of other instances that watch this one
  bool ready = false;
  bool waiting = false;
  bool close_removes = false;
  std::uint64_t added = 0;
  std::uint64_t callbacks = 0;
  std::uint64_t wakeups = 0;
  std::uint64_t scans = 0;
  std::uint64_t events = 0;
  std::uint64_t overflows = 0;
  std::string comm;  // of the thread that created it, as it was then
};

/**
 * The instances in the text of the file, in its order. Columns that a later module adds are
 * ignored. Throws std::runtime_error if one of the above is missing, or if a line is no line of the
 * list.
 */
std::vector<ListedInstance> parse_listed_instances(std::string_view text);

}  // namespace xpoll
