// SPDX-License-Identifier: GPL-2.0-only
#ifndef XPOLL_SELFTESTS_UTIL_FAULT_GATE_H
#define XPOLL_SELFTESTS_UTIL_FAULT_GATE_H

#include <sys/epoll.h>

#include <cstddef>

#include "fd.h"

namespace xpoll_test {

// A page whose first touch waits for the test (userfaultfd): holds a wait call in the middle of its
// scan, for as long as the test likes.
class FaultGate {
 public:
  // Stopping faults that the kernel takes needs a privilege or a sysctl.
  static bool available();

  FaultGate();
  FaultGate(const FaultGate&) = delete;
  FaultGate& operator=(const FaultGate&) = delete;
  ~FaultGate();

  // An array whose first k elements are in ordinary memory and whose k-th is the first behind the
  // gate.
  epoll_event* arrayGatedAt(int k) const;
  // Returns when a thread waits at the gate; throws if none comes.
  void waitUntilReached();
  // Lets it through, and everyone after it.
  void open();

 private:
  Fd uffd_;
  std::size_t page_size_;
  char* pages_;
  bool open_ = false;
};

}  // namespace xpoll_test

#endif  // XPOLL_SELFTESTS_UTIL_FAULT_GATE_H
