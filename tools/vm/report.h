// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <string>
#include <string_view>

#include "guest_run.h"

namespace xpoll::vm {

/** One line on the guest's control port: a keyword and, for some, an argument. */
struct Report {
  enum class Kind {
    kReady,
    kRunning,
    kStatus,
    kLoad,
    kUnload,
    kSearched,
    kLeak,
    kFailed,
    kEnd,
    kUnknown
  };
  Kind kind = Kind::kUnknown;
  std::string text;
};

Report parse_report(std::string_view line);

/** Stores the guest's report in `run`. */
void apply_report(const Report& report, GuestRun& run);

}  // namespace xpoll::vm
