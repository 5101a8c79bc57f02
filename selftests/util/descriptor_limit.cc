// SPDX-License-Identifier: GPL-2.0-only
#include "descriptor_limit.h"

#include <fcntl.h>

#include <algorithm>

#include "tools/util/checked.h"

namespace xpoll::test {

DescriptorLimit::DescriptorLimit(rlim_t limit) {
  checked(getrlimit(RLIMIT_NOFILE, &saved_), "getrlimit");
  const rlimit wanted{.rlim_cur = limit, .rlim_max = std::max(limit, saved_.rlim_max)};
  checked(setrlimit(RLIMIT_NOFILE, &wanted), "setrlimit");
}

DescriptorLimit DescriptorLimit::left(rlim_t count) {
  const unique_fd lowest_free = checked_fd(open("/", O_PATH | O_CLOEXEC), "open /");
  return DescriptorLimit(static_cast<rlim_t>(lowest_free.get()) + count);
}

DescriptorLimit::~DescriptorLimit() { setrlimit(RLIMIT_NOFILE, &saved_); }

}  // namespace xpoll::test
