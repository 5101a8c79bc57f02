// SPDX-License-Identifier: GPL-2.0-only
#include "apps/counting_group.h"

#include <linux/xpoll.h>
#include <sys/ioctl.h>

#include "util/raw.h"

namespace xpoll::test {

CountingGroup::CountingGroup()
    : device_(open_device()),
      id_(checked(ioctl(device_.get(), XPOLL_IOC_GROUP), "XPOLL_IOC_GROUP")) {}

RunStats CountingGroup::stats() const {
  struct xpoll_stats stats {};
  checked(ioctl(device_.get(), XPOLL_IOC_STATS, &stats), "XPOLL_IOC_STATS");
  return {.instances = stats.instances,
          .watches = stats.watches,
          .wakeups = stats.wakeups,
          .events = stats.events};
}

}  // namespace xpoll::test
