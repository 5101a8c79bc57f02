// SPDX-License-Identifier: GPL-2.0-only
#include "apps/ktap_results.h"

#include <regex>
#include <sstream>

namespace xpoll::test {

KtapResults parse_ktap(const std::string& output) {
  // A passed test is "ok 64 global.epoll64". A line with a directive, such as "ok 1 # SKIP reason",
  // is not.
  const std::regex passed(R"(ok \d+ global\.(\w+))");
  const std::regex failed(R"(not ok \d+ global\.(\w+).*)");
  KtapResults results;
  std::istringstream lines(output);
  std::smatch match;
  for (std::string line; std::getline(lines, line);) {
    if (std::regex_match(line, match, passed)) results.passed.insert(match[1]);
    if (std::regex_match(line, match, failed)) results.failed.insert(match[1]);
  }
  return results;
}

}  // namespace xpoll::test
