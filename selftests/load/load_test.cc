// SPDX-License-Identifier: GPL-2.0-only
#include "load/load_test.h"

#include <unistd.h>

#include "util/matchers.h"

namespace xpoll::test {

void LoadTest::SetUp() {
  ASSERT_EQ(geteuid(), 0U) << "loading a module needs root";
  for (const KernelModule* module : {&xpoll_, &blocker_})
    ASSERT_FALSE(module->loaded()) << module->name() << " is loaded already";
}

void LoadTest::TearDown() {
  if (xpoll_.loaded()) {
    EXPECT_THAT(xpoll_.unload(), SyscallSucceeds());
  }
}

}  // namespace xpoll::test
