// SPDX-License-Identifier: GPL-2.0-only
#ifndef XPOLL_SELFTESTS_LOAD_LOAD_TEST_H
#define XPOLL_SELFTESTS_LOAD_LOAD_TEST_H

#include <gtest/gtest.h>

#include "load/kernel_module.h"
#include "load/module_files.h"
#include "util/backend.h"

namespace xpoll_test {

// A test that begins without the module, and ends without it: an unload that the kernel refuses in
// the end fails the test.
class LoadTest : public testing::Test {
 protected:
  void SetUp() override;
  void TearDown() override;

  const Backend backend_ = Backend::xpoll();
  const KernelModule xpoll_{"xpoll", moduleFiles().xpoll};
  const KernelModule blocker_{"blocker", moduleFiles().blocker};
};

}  // namespace xpoll_test

#endif  // XPOLL_SELFTESTS_LOAD_LOAD_TEST_H
