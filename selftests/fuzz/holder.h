// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <array>

#include "tools/util/descriptors.h"
#include "util/process.h"

namespace xpoll::fuzz {

// A child process that holds copies of all descriptors from the time of its fork, and closes some
// on request.
class Holder {
 public:
  Holder();
  // Returns when the child has closed both.
  void close(int one, int other);
  // Returns when the child has exited and its descriptors are closed.
  void exit();

 private:
  using Order = std::array<int, 2>;

  int obey() const;

  xpoll::Pipe orders_;
  xpoll::Pipe answers_;
  xpoll::test::Process child_;
};

}  // namespace xpoll::fuzz
