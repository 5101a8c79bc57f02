// SPDX-License-Identifier: GPL-2.0-only
#include "report/counts.h"

#include <fmt/format.h>

namespace xpoll::report {

std::string to_string(const Counts& counts) {
  return fmt::format("{} passed, {} failed, {} skipped", counts.passed, counts.failed,
                     counts.skipped);
}

}  // namespace xpoll::report
