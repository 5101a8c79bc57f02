// SPDX-License-Identifier: GPL-2.0-only
#ifndef XPOLL_SELFTESTS_APPS_COUNTING_GROUP_H
#define XPOLL_SELFTESTS_APPS_COUNTING_GROUP_H

#include "apps/run_stats.h"
#include "util/fd.h"

namespace xpoll_test {

// A group in which the kernel counts instances, as long as this object lives.
class CountingGroup {
 public:
  CountingGroup();

  int id() const { return id_; }
  RunStats stats() const;

 private:
  Fd device_;
  int id_;
};

}  // namespace xpoll_test

#endif  // XPOLL_SELFTESTS_APPS_COUNTING_GROUP_H
