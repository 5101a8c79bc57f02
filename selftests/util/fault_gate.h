// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <sys/epoll.h>

#include <cstddef>

#include "tools/util/checked.h"

namespace xpoll::test {

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
  epoll_event* array_gated_at(int k) const;
  // Returns when a thread waits at the gate; throws if none comes.
  void wait_until_reached();
  // Lets it through, and everyone after it.
  void open();

 private:
  unique_fd uffd_;
  std::size_t page_size_;
  char* pages_;
  bool open_ = false;
};

}  // namespace xpoll::test
