// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <sys/epoll.h>

#include <cstddef>

#include "tools/util/checked.h"

namespace xpoll::test {

// A page whose first access blocks until the test opens the gate (userfaultfd). It stops a wait in
// the middle of its scan for as long as the test needs.
class FaultGate {
 public:
  // Faults in the kernel's own accesses can only be caught with a privilege or a sysctl.
  static bool available();

  FaultGate();
  FaultGate(const FaultGate&) = delete;
  FaultGate& operator=(const FaultGate&) = delete;
  ~FaultGate();

  // An array whose first k elements are in ordinary memory and whose k-th is the first one behind
  // the gate.
  epoll_event* array_gated_at(int k) const;
  // Returns when a thread is blocked at the gate. Throws if none comes.
  void wait_until_reached();
  // Lets that thread and all later ones pass. May be called again.
  void open();
  // Lets that thread fail: from now on the page can't be accessed.
  void refuse();

 private:
  unique_fd uffd_;
  std::size_t page_size_;
  char* pages_;
  bool open_ = false;
};

// Opens a gate at the end of its scope, also if the test fails there: the threads behind it end.
class OpenAtExit {
 public:
  explicit OpenAtExit(FaultGate& gate) : gate_(gate) {}
  OpenAtExit(const OpenAtExit&) = delete;
  OpenAtExit& operator=(const OpenAtExit&) = delete;
  ~OpenAtExit() { gate_.open(); }

 private:
  FaultGate& gate_;
};

}  // namespace xpoll::test
