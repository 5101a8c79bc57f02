// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <string>

#include "tools/util/checked.h"

namespace xpoll::test {

// What the kernel logs from here on.
class KernelLog {
 public:
  KernelLog();

  // The records since the last call (or the start), one a line.
  std::string news() const;

 private:
  unique_fd log_;
};

}  // namespace xpoll::test
