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

/** The parameters of one run. */
struct RunRequest {
  Job job;
  Hardware hardware;
  std::string beside;  // shell command that runs on the host with the guest's command; or empty
  std::filesystem::path phase;  // file whose last line names the command's current step; or empty
  std::chrono::seconds time_limit{300};
};

/** Boots the guest once, runs the job and ends the guest. Throws Interrupted. */
GuestRun run_guest(const PreparedKernel& kernel, const RunRequest& request);

}  // namespace xpoll::vm
