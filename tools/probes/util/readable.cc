// SPDX-License-Identifier: GPL-2.0-only
#include "probes/util/readable.h"

#include <cerrno>
#include <system_error>

namespace probes {

void wait_readable(std::span<pollfd> descriptors) {
  while (poll(descriptors.data(), descriptors.size(), -1) < 0) {
    if (errno != EINTR) throw std::system_error(errno, std::generic_category(), "poll");
  }
}

}  // namespace probes
