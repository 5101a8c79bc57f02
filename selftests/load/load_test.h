// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <gtest/gtest.h>

#include "load/kernel_module.h"
#include "load/module_files.h"
#include "tools/util/backend.h"

namespace xpoll::test {

// A test that begins and ends without the module. It fails if the kernel refuses the unload at the
// end.
class LoadTest : public testing::Test {
 protected:
  void SetUp() override;
  void TearDown() override;

  const Backend backend_ = Backend::xpoll();
  const KernelModule xpoll_{"xpoll", module_files().xpoll};
  const KernelModule blocker_{"blocker", module_files().blocker};
};

}  // namespace xpoll::test
