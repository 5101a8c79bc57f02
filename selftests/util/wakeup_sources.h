// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <filesystem>
#include <fstream>
#include <map>
#include <string>

namespace xpoll::test {

// The number of events that each wakeup source of the system has signalled.
inline std::map<std::string, long> wakeup_sources() {
  std::map<std::string, long> sources;
  for (const auto& source : std::filesystem::directory_iterator("/sys/class/wakeup"))
    std::ifstream(source.path() / "event_count") >> sources[source.path().filename()];
  return sources;
}

}  // namespace xpoll::test
