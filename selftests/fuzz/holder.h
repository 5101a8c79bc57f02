// SPDX-License-Identifier: GPL-2.0-only
#ifndef XPOLL_SELFTESTS_FUZZ_HOLDER_H
#define XPOLL_SELFTESTS_FUZZ_HOLDER_H

#include <array>

#include "util/descriptors.h"
#include "util/process.h"

namespace xpoll_fuzz {

// A child process that holds a copy of every descriptor there was when it was forked, and closes
// some when told to.
class Holder {
 public:
  Holder();
  // Returns when both are closed in the child.
  void close(int one, int other);
  // Returns when the child is gone and so are its descriptors.
  void exit();

 private:
  using Order = std::array<int, 2>;

  int obey() const;

  xpoll_test::Pipe orders_;
  xpoll_test::Pipe answers_;
  xpoll_test::Process child_;
};

}  // namespace xpoll_fuzz

#endif  // XPOLL_SELFTESTS_FUZZ_HOLDER_H
