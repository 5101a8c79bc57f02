// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <filesystem>
#include <optional>

#include "kernel_table.h"
#include "machine.h"

namespace xpoll::vm {

/** Where a run's findings go besides the terminal. */
struct Records {
  std::optional<std::filesystem::path> json;
  std::optional<std::filesystem::path> log;  // the kernel's log
};

/** Boots, judges, tells the verdict; returns the runner's exit status. */
int run_and_judge(const Kernel& kernel, RunRequest request, const Records& records);

}  // namespace xpoll::vm
