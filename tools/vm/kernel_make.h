// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <filesystem>

#include "progress.h"
#include "tools/util/process.h"

namespace xpoll::vm {

/** The two directories of a kernel that is built outside its source. */
struct KernelTree {
  std::filesystem::path source;
  std::filesystem::path build;
};

/**
 * Runs the kernel's make with these targets and variables; `progress` counts what it does. Throws
 * with the end of its output unless it succeeded.
 */
void make_kernel(const KernelTree& tree, const Argv& arguments, Progress& progress);

}  // namespace xpoll::vm
