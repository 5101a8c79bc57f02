// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <string>
#include <string_view>

#include "guest_run.h"

namespace xpoll::vm {

/** The result of a run. Each has its own JSON word and exit status. */
enum class Outcome {
  kPassed,
  kCommandFailed,  // the exit status is the command's
  kBesideFailed,   // the command on the host failed
  kBootFailed,     // the guest's command never started
  kCrashed,        // the kernel oopsed or panicked
  kLogDirty,       // the kernel warned
  kLeaked,         // objects were leaked
  kTimeLimit,
  kUnloadFailed,
  kModuleRefused,  // the module could not be loaded
};

struct Verdict {
  Outcome outcome = Outcome::kPassed;
  int exit_status = 0;
  std::string reason;   // one line
  std::string excerpt;  // of a log; may be empty
};

std::string_view outcome_name(Outcome outcome);

/** The worst event decides, whatever the command's exit status. */
Verdict judge(const GuestRun& run);

/**
 * Whether the emulator failed, and not what it ran. Emulated processors sometimes crash while the
 * kernel patches its text, at boot or for the module's hooks, or at boot without a message, with
 * parallel CPUs on a busy host.
 */
bool worth_a_retry(const GuestRun& run);

}  // namespace xpoll::vm
