// SPDX-License-Identifier: GPL-2.0-only
#ifndef XPOLL_SELFTESTS_UTIL_DESCRIPTOR_LIMIT_H
#define XPOLL_SELFTESTS_UTIL_DESCRIPTOR_LIMIT_H

#include <sys/resource.h>

namespace xpoll_test {

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

}  // namespace xpoll_test

#endif  // XPOLL_SELFTESTS_UTIL_DESCRIPTOR_LIMIT_H
