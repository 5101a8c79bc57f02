// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <set>
#include <string>

namespace xpoll::test {

// The names of the tests that a kernel selftest reports. A skipped test did not pass.
struct KtapResults {
  std::set<std::string> passed;
  std::set<std::string> failed;
};

KtapResults parse_ktap(const std::string& output);

}  // namespace xpoll::test
