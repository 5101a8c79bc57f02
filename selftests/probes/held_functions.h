// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <vector>

#include "tools/util/checked.h"

namespace xpoll::test {

// While it lives, programs that do nothing are attached to the functions that the tools probe by
// fentry and fexit. The last program that is detached from a function waits until every task of the
// guest has scheduled, for a tenth of a second or more. The tools have six to ten such functions
// each, and the tests start them a hundred times.
class HeldFunctions {
 public:
  // Throws if a program is refused. A function that this kernel lacks is left out.
  HeldFunctions();

 private:
  std::vector<unique_fd> attached_;
};

}  // namespace xpoll::test
