// SPDX-License-Identifier: GPL-2.0-only
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "util/ktap.h"

int main(int argc, char** argv) {
  testing::InitGoogleMock(&argc, argv);
  xpoll::test::print_ktap();
  return RUN_ALL_TESTS();
}
