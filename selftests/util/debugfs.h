// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <linux/magic.h>
#include <sys/statfs.h>

#include "each_backend.h"
#include "requires.h"
#include "tools/util/checked.h"

namespace xpoll::test {

// Where the list of all instances is.
inline bool has_debugfs() {
  struct statfs fs {};
  checked(statfs("/sys/kernel/debug", &fs), "/sys/kernel/debug");
  return fs.f_type == DEBUGFS_MAGIC;
}

class DebugfsTest : public XpollOnly {
 protected:
  void SetUp() override {
    XpollOnly::SetUp();
    if (HasFatalFailure() || IsSkipped()) return;
    XPOLL_REQUIRE(has_debugfs(), "debugfs");
  }
};

}  // namespace xpoll::test
