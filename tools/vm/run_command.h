// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <filesystem>
#include <optional>

#include "kernel_table.h"
#include "machine.h"

namespace xpoll::vm {

/** The files that record a run's results. */
struct Records {
  std::optional<std::filesystem::path> json;
  std::optional<std::filesystem::path> log;  // the kernel's log
};

/** Boots, judges and prints the verdict. Returns the runner's exit status. */
int run_and_judge(const PreparedKernel& prepared, RunRequest request, const Records& records);

}  // namespace xpoll::vm
