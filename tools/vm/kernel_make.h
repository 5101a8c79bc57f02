// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <filesystem>

#include "progress.h"
#include "tools/util/process.h"

namespace xpoll::vm {

/** The source and build directories of a kernel built outside its source. */
struct KernelTree {
  std::filesystem::path source;
  std::filesystem::path build;
};

/**
 * Runs the kernel's make with these targets and variables. `progress` counts its steps. Throws with
 * the end of its output if it fails.
 */
void make_kernel(const KernelTree& tree, const Argv& arguments, Progress& progress);

}  // namespace xpoll::vm
