// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <string>

#include "campaign.h"
#include "report.h"

namespace xpoll::fuzz {

// Options of the long run among the tests, from the command line.
struct CheckOptions {
  Campaign campaign{.seed = 1, .steps = kEnoughSteps};
  std::string json_file;
};

inline CheckOptions& check_options() {
  static CheckOptions options;
  return options;
}

}  // namespace xpoll::fuzz
