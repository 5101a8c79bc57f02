// SPDX-License-Identifier: GPL-2.0-only
#include "version.h"

#include <fmt/format.h>
#include <linux/xpoll.h>

namespace xpoll {

std::string version_line(const std::string& program) {
  return fmt::format("{} {} (ABI version {})", program, version, XPOLL_ABI_VERSION);
}

}  // namespace xpoll
