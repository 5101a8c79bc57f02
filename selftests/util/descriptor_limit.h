// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <sys/resource.h>

namespace xpoll::test {

// Changes RLIMIT_NOFILE while it lives.
class DescriptorLimit {
 public:
  // Allows descriptors below `limit`. Raising it above the hard limit needs root.
  explicit DescriptorLimit(rlim_t limit);
  // Allows `count` descriptors in addition to the open ones, provided that those have the lowest
  // numbers.
  static DescriptorLimit left(rlim_t count);
  ~DescriptorLimit();
  DescriptorLimit(const DescriptorLimit&) = delete;
  DescriptorLimit& operator=(const DescriptorLimit&) = delete;

 private:
  rlimit saved_{};
};

}  // namespace xpoll::test
