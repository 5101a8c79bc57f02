// SPDX-License-Identifier: GPL-2.0-only
// "make install" on a machine that runs the kernel for which the module was built. Needs RUNNER and
// KERNEL in the environment, and the result of "make installable module examples".
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "setting.h"
#include "tools/util/process.h"

namespace {

TEST(Install, PutsTheModuleWhereModprobeFindsIt) {
  const std::string output =
      xpoll::capture({setting("RUNNER"), "run", "--kernel", setting("KERNEL"), "--timeout", "900",
                      "--", "selftests/vm/install.sh"});
  EXPECT_THAT(output, testing::EndsWith("installed\n"));
}

}  // namespace
