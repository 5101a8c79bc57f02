// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <array>

#include "tools/util/descriptors.h"
#include "util/process.h"

namespace xpoll::fuzz {

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

  xpoll::Pipe orders_;
  xpoll::Pipe answers_;
  xpoll::test::Process child_;
};

}  // namespace xpoll::fuzz
