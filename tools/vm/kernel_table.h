// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <span>
#include <string_view>

#include "suite.h"

namespace xpoll::vm {

/** A kernel that the runner can boot. */
struct Kernel {
  std::string_view name;
  std::string_view image;    // Debian metapackage of a stock kernel; empty if built here
  std::string_view headers;  // metapackage of its headers
  std::string_view source;   // Debian source package of a kernel built here; empty for a stock one
  std::string_view profile;  // its configuration (kernel_config.h); empty for a stock one
  std::string_view suite;    // the suite of Debian that has it (suite.h); empty for the host's

  [[nodiscard]] bool is_stock() const { return source.empty(); }
  [[nodiscard]] Architecture architecture() const { return architecture_of(suite); }
};

std::span<const Kernel> all_kernels();

/** Finds a kernel by name. Throws std::runtime_error with the list of known kernels. */
const Kernel& find_kernel(std::string_view name);

}  // namespace xpoll::vm
