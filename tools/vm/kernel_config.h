// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <string>
#include <string_view>

#include "tools/util/process.h"

namespace xpoll::vm {

/** The configuration of a kernel built here, assembled from the fragments of its profile. */
struct KernelConfig {
  std::string options;  // content of the KCONFIG_ALLCONFIG file
  Argv variables;       // NAME=VALUE arguments of the kernel's make

  /** A hash of options and variables, independent of their order. It is part of a cached kernel's
   * version. */
  [[nodiscard]] std::string key() const;
};

/** Throws std::runtime_error if there is no such profile. */
KernelConfig config_of_profile(std::string_view profile);

/**
 * The requested options that are missing in the kernel's .config. make silently drops an option
 * with a wrong name or with an unmet dependency.
 */
std::string dropped_options(std::string_view asked, std::string_view config);

}  // namespace xpoll::vm
