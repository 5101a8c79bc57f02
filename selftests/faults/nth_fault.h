// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include "tools/util/checked.h"

namespace xpoll::test {

// Lets the n-th place fail that may fail in what this thread asks of the kernel, from arm() on
// (Documentation/fault-injection, "fail-nth").
class NthFault {
 public:
  NthFault();

  void arm(unsigned n);
  // How many places it did not come to: none if the n-th failed.
  unsigned disarm();

 private:
  const unique_fd file_;
};

}  // namespace xpoll::test
