// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <linux/xpoll.h>
#include <sys/ioctl.h>

#include <cstring>
#include <ostream>

#include "tools/util/checked.h"

inline bool operator==(const struct xpoll_stats& one, const struct xpoll_stats& other) {
  return std::memcmp(&one, &other, sizeof(one)) == 0;
}

inline void PrintTo(const struct xpoll_stats& stats, std::ostream* out) {
  *out << "{instances " << stats.instances << ", open " << stats.open_instances << ", watches "
       << stats.watches << ", open " << stats.open_watches << ", callbacks " << stats.callbacks
       << ", wakeups " << stats.wakeups << ", scans " << stats.scans << ", events " << stats.events
       << ", overflows " << stats.overflows << "}";
}

namespace xpoll::test {

// The counters of an instance, or of the group of an open device. Fields that the kernel does not
// write are all ones.
inline struct xpoll_stats stats_of(const unique_fd& fd) {
  struct xpoll_stats stats;
  std::memset(&stats, 0xff, sizeof(stats));
  checked(ioctl(fd.get(), XPOLL_IOC_STATS, &stats), "XPOLL_IOC_STATS");
  return stats;
}

}  // namespace xpoll::test
