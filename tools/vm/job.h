// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "prepared_kernel.h"
#include "tools/util/process.h"

namespace xpoll::vm {

/** Size and type of the terminal of an interactive shell. */
struct Terminal {
  std::string type;
  int rows = 0;
  int columns = 0;
};

/** The task of the guest. */
struct Job {
  Argv command;
  std::filesystem::path cwd;
  std::optional<std::filesystem::path> module;
  std::vector<std::string> module_parameters;
  std::optional<std::filesystem::path> output;  // host directory, mounted on /out
  std::optional<Terminal> terminal;             // interactive if set
};

/** The name of a module file once loaded. */
std::string module_name(const std::filesystem::path& file);

/** Host directories below /tmp that the command uses, relative to /tmp. */
std::vector<std::string> tmp_directories(const Job& job);

/** Host directories elsewhere that the command uses, for a guest with another root. */
std::vector<std::string> used_directories(const Job& job);

/** The guest's initramfs: init, session, busybox, the kernel's drivers and the job. */
std::string build_initramfs(const PreparedKernel& kernel, const Job& job);

}  // namespace xpoll::vm
