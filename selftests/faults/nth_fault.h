// SPDX-License-Identifier: GPL-2.0-only
#ifndef XPOLL_SELFTESTS_FAULTS_NTH_FAULT_H
#define XPOLL_SELFTESTS_FAULTS_NTH_FAULT_H

#include "util/fd.h"

namespace xpoll_test {

// Lets the n-th place fail that may fail in what this thread asks of the kernel, from arm() on
// (Documentation/fault-injection, "fail-nth").
class NthFault {
 public:
  NthFault();

  void arm(unsigned n);
  // How many places it did not come to: none if the n-th failed.
  unsigned disarm();

 private:
  const Fd file_;
};

}  // namespace xpoll_test

#endif  // XPOLL_SELFTESTS_FAULTS_NTH_FAULT_H
