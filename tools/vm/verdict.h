// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <string>
#include <string_view>

#include "guest_run.h"

namespace xpoll::vm {

/** How a run ended. One word each in JSON, one exit status each. */
enum class Outcome {
  kPassed,
  kCommandFailed,  // exit status: the command's own
  kBesideFailed,   // the command on the host failed
  kBootFailed,     // the guest's command never began
  kCrashed,        // the kernel oopsed or panicked
  kLogDirty,       // the kernel warned
  kLeaked,         // objects were left behind
  kTimeLimit,
  kUnloadFailed,
  kModuleRefused,  // the module could not be loaded
};

struct Verdict {
  Outcome outcome = Outcome::kPassed;
  int exit_status = 0;
  std::string reason;   // one line
  std::string excerpt;  // of a log, or empty
};

std::string_view outcome_name(Outcome outcome);

/** The worst thing that happened decides; a command that succeeded excuses nothing. */
Verdict judge(const GuestRun& run);

}  // namespace xpoll::vm
