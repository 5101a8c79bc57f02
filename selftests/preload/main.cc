// SPDX-License-Identifier: GPL-2.0-only
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "util/ktap.h"

int main(int argc, char** argv) {
  testing::InitGoogleMock(&argc, argv);
  xpoll_test::printKtap();
  return RUN_ALL_TESTS();
}
