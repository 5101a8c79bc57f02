// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <gtest/gtest.h>

// Skips the test where something is missing that a kernel may be built without, or that may not be
// permitted. One message for each cause, so that a summary can count them. Call it in SetUp() or in
// the test.
#define XPOLL_REQUIRE(available, what) \
  if (available) {                     \
  } else                               \
    GTEST_SKIP() << "needs " << (what)
