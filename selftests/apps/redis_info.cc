// SPDX-License-Identifier: GPL-2.0-only
#include "apps/redis_info.h"

#include <sstream>

namespace xpoll::test {

std::string redis_info(RedisClient& client, const std::string& section, std::string_view field) {
  const std::string start = std::string(field) + ":";
  std::istringstream lines(client.call({"INFO", section}).get<std::string>());
  for (std::string line; std::getline(lines, line, '\r') && lines.ignore();)
    if (line.starts_with(start)) return line.substr(start.size());
  return {};
}

}  // namespace xpoll::test
