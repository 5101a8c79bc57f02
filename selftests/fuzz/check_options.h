// SPDX-License-Identifier: GPL-2.0-only
#ifndef XPOLL_SELFTESTS_FUZZ_CHECK_OPTIONS_H
#define XPOLL_SELFTESTS_FUZZ_CHECK_OPTIONS_H

#include <string>

#include "campaign.h"
#include "report.h"

namespace xpoll_fuzz {

// The long run among the tests, as the command line wants it.
struct CheckOptions {
  Campaign campaign{.seed = 1, .steps = kEnoughSteps};
  std::string json_file;
};

inline CheckOptions& checkOptions() {
  static CheckOptions options;
  return options;
}

}  // namespace xpoll_fuzz

#endif  // XPOLL_SELFTESTS_FUZZ_CHECK_OPTIONS_H
