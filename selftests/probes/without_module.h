// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <gmock/gmock.h>

#include "load/kernel_module.h"
#include "load/module_files.h"
#include "util/matchers.h"

namespace xpoll::test {

// Unloads the module while it lives.
class WithoutModule {
 public:
  WithoutModule() { module_.must_unload(); }
  WithoutModule(const WithoutModule&) = delete;
  WithoutModule& operator=(const WithoutModule&) = delete;
  ~WithoutModule() { EXPECT_THAT(module_.load(), SyscallSucceeds()); }

 private:
  const KernelModule module_{"xpoll", module_files().xpoll};
};

}  // namespace xpoll::test
