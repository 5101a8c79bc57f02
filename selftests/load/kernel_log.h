// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <string>

#include "tools/util/checked.h"

namespace xpoll::test {

// The kernel's log messages from now on.
class KernelLog {
 public:
  KernelLog();

  // The records since the last call (or since construction), one per line.
  std::string news() const;

 private:
  unique_fd log_;
};

}  // namespace xpoll::test
