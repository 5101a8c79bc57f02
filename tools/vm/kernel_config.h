// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <string>
#include <string_view>

#include "tools/util/process.h"

namespace xpoll::vm {

/** How a kernel that is built here is configured, put together from the fragments of its profile.
 */
struct KernelConfig {
  std::string options;  // what KCONFIG_ALLCONFIG names
  Argv variables;       // NAME=VALUE for the kernel's make

  /** Another for other options or variables, in whatever order; part of a cached kernel's version.
   */
  [[nodiscard]] std::string key() const;
};

/** Throws std::runtime_error if there is no such profile. */
KernelConfig config_of_profile(std::string_view profile);

/**
 * The options that are asked for but are not in the kernel's .config: what make takes for another
 * name, or for something that depends on what is missing, it drops without a word.
 */
std::string dropped_options(std::string_view asked, std::string_view config);

}  // namespace xpoll::vm
