// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "tools/util/backend.h"

namespace xpoll::test {

// A test that injects faults, on a kernel that supports it. It must leave nothing behind: no watch
// in the user's quota, no object, no wakeup source.
class FaultTest : public testing::Test {
 protected:
  void SetUp() override;
  void TearDown() override;

  const Backend backend_ = Backend::xpoll();

 private:
  int room_ = 0;
  std::string wakeup_sources_;
};

}  // namespace xpoll::test
