// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <gtest/gtest.h>

namespace xpoll::test {

// Has the module hook each close of a descriptor before the first test, while no other processor
// closes one. The first race that asks for the hook would otherwise patch a function that the other
// processors call, and a guest with --parallel may never recover from that (docs/testing.md).
class CloseHook : public testing::Environment {
 public:
  void SetUp() override;
};

}  // namespace xpoll::test
