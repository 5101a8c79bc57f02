// SPDX-License-Identifier: GPL-2.0-only
#include "apps/ktap_results.h"

#include <regex>
#include <sstream>

namespace xpoll::test {

KtapResults parse_ktap(const std::string& output) {
  // "ok 64 global.epoll64"; with a directive, as "ok 1 # SKIP reason", it is another thing.
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
