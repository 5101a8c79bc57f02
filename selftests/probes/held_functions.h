// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <vector>

#include "tools/util/checked.h"

namespace xpoll::test {

// While it lives, programs that do nothing are attached to the functions that the tools probe with
// fentry and fexit. Detaching the last program from a function waits until every task of the guest
// has scheduled, a tenth of a second or more. The tools probe six to ten such functions each, and
// the tests start the tools a hundred times.
class HeldFunctions {
 public:
  // Throws if the kernel refuses a program. Skips functions that this kernel lacks.
  HeldFunctions();

 private:
  std::vector<unique_fd> attached_;
};

}  // namespace xpoll::test
