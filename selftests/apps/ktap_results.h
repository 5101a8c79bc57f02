// SPDX-License-Identifier: GPL-2.0-only
#ifndef XPOLL_SELFTESTS_APPS_KTAP_RESULTS_H
#define XPOLL_SELFTESTS_APPS_KTAP_RESULTS_H

#include <set>
#include <string>

namespace xpoll_test {

// The tests that a kernel selftest says it ran, by name. One that was skipped did not pass.
struct KtapResults {
  std::set<std::string> passed;
  std::set<std::string> failed;
};

KtapResults parseKtap(const std::string& output);

}  // namespace xpoll_test

#endif  // XPOLL_SELFTESTS_APPS_KTAP_RESULTS_H
