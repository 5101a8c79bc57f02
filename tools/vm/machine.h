// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <chrono>
#include <filesystem>
#include <string>

#include "guest_run.h"
#include "job.h"
#include "prepared_kernel.h"
#include "qemu.h"

namespace xpoll::vm {

/** Everything that the user asked of one run. */
struct RunRequest {
  Job job;
  Hardware hardware;
  std::string beside;  // a shell command on the host, while the guest's command runs; or empty
  std::filesystem::path phase;  // names what the command does just now in its last line; or empty
  std::chrono::seconds time_limit{300};
};

/** Boots the guest once, does the job and ends the guest. Throws Interrupted. */
GuestRun run_guest(const PreparedKernel& kernel, const RunRequest& request);

}  // namespace xpoll::vm
