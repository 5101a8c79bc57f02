// SPDX-License-Identifier: GPL-2.0-only
#ifndef XPOLL_SELFTESTS_LOAD_KERNEL_LOG_H
#define XPOLL_SELFTESTS_LOAD_KERNEL_LOG_H

#include <string>

#include "util/fd.h"

namespace xpoll_test {

// What the kernel logs from here on.
class KernelLog {
 public:
  KernelLog();

  // The records since the last call (or the start), one a line.
  std::string news() const;

 private:
  Fd log_;
};

}  // namespace xpoll_test

#endif  // XPOLL_SELFTESTS_LOAD_KERNEL_LOG_H
