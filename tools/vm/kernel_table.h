// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <span>
#include <string_view>

namespace xpoll::vm {

/** A kernel that the runner can boot, under the name the user calls it by. */
struct Kernel {
  std::string_view name;
  std::string_view image;    // Debian metapackage of a stock kernel; empty when built here
  std::string_view headers;  // its headers' metapackage
  std::string_view source;   // Debian source package of a kernel built here; empty for a stock one
  std::string_view profile;  // how it is configured (kernel_config.h); empty for a stock one

  [[nodiscard]] bool is_stock() const { return source.empty(); }
};

std::span<const Kernel> all_kernels();

/** The kernel of that name; throws std::runtime_error naming the known ones. */
const Kernel& find_kernel(std::string_view name);

}  // namespace xpoll::vm
