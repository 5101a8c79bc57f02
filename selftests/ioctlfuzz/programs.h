// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <vector>

#include "fuzz/random.h"
#include "tools/util/checked.h"

namespace xpoll::ioctlfuzz {

// Loaded BPF programs: some that choose the waiter to wake, and one of a type that may not.
class Programs {
 public:
  Programs();

  int pick(xpoll::fuzz::Random& random) const;

 private:
  std::vector<xpoll::unique_fd> loaded_;
};

}  // namespace xpoll::ioctlfuzz
