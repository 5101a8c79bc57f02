// SPDX-License-Identifier: GPL-2.0-only
#ifndef XPOLL_SELFTESTS_PROBES_WITHOUT_MODULE_H
#define XPOLL_SELFTESTS_PROBES_WITHOUT_MODULE_H

#include <gmock/gmock.h>

#include "load/kernel_module.h"
#include "load/module_files.h"
#include "util/matchers.h"

namespace xpoll_test {

// Takes the module away while it lives.
class WithoutModule {
 public:
  WithoutModule() { module_.mustUnload(); }
  WithoutModule(const WithoutModule&) = delete;
  WithoutModule& operator=(const WithoutModule&) = delete;
  ~WithoutModule() { EXPECT_THAT(module_.load(), SyscallSucceeds()); }

 private:
  const KernelModule module_{"xpoll", moduleFiles().xpoll};
};

}  // namespace xpoll_test

#endif  // XPOLL_SELFTESTS_PROBES_WITHOUT_MODULE_H
