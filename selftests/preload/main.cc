// SPDX-License-Identifier: GPL-2.0-only
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "epoll_calls.h"
#include "util/ktap.h"

namespace {

class WithoutCalls final : public testing::Environment {
  void SetUp() override { xpoll::test::set_epoll_calls("off"); }
};

}  // namespace

int main(int argc, char** argv) {
  testing::InitGoogleMock(&argc, argv);
  xpoll::test::print_ktap();
  testing::AddGlobalTestEnvironment(new WithoutCalls);
  return RUN_ALL_TESTS();
}
