// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include "tools/util/checked.h"

namespace xpoll::test {

// Makes the n-th place fail that can fail in this thread's system calls after arm()
// (Documentation/fault-injection, "fail-nth").
class NthFault {
 public:
  NthFault();

  void arm(unsigned n);
  // Returns the number of places that were not reached: 0 if the n-th one failed.
  unsigned disarm();

 private:
  const unique_fd file_;
};

}  // namespace xpoll::test
