// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include "apps/run_stats.h"
#include "tools/util/checked.h"

namespace xpoll::test {

// A group whose instances the kernel counts while this object lives.
class CountingGroup {
 public:
  CountingGroup();

  int id() const { return id_; }
  RunStats stats() const;

 private:
  unique_fd device_;
  int id_;
};

}  // namespace xpoll::test
