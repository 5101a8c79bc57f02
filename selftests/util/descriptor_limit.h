// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <sys/resource.h>

namespace xpoll::test {

// Another RLIMIT_NOFILE for as long as this lives.
class DescriptorLimit {
 public:
  // Descriptors below `limit` can be had; raising it above the hard limit needs root.
  explicit DescriptorLimit(rlim_t limit);
  // Room for `count` descriptors besides the open ones, provided that the open ones lie densely.
  static DescriptorLimit left(rlim_t count);
  ~DescriptorLimit();
  DescriptorLimit(const DescriptorLimit&) = delete;
  DescriptorLimit& operator=(const DescriptorLimit&) = delete;

 private:
  rlimit saved_{};
};

}  // namespace xpoll::test
