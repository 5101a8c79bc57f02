// SPDX-License-Identifier: GPL-2.0-only
#include "probes/util/wrapped.h"

#include <gtest/gtest.h>

namespace probes {
namespace {

TEST(WrappedTest, BreaksAtBlanks) {
  EXPECT_EQ(wrapped("one two three", 7), "one two\nthree\n");
  EXPECT_EQ(wrapped("one two three", 8), "one two\nthree\n");
  EXPECT_EQ(wrapped("one", 3), "one\n");
  EXPECT_EQ(wrapped("", 3), "");
}

TEST(WrappedTest, IndentsAllButTheFirstWithinTheWidth) {
  EXPECT_EQ(wrapped("one two three four", 7, 2), "one two\n  three\n  four\n");
}

TEST(WrappedTest, BreaksAWordThatIsTooLong) {
  EXPECT_EQ(wrapped("a abcdefgh i", 4), "a\nabcd\nefgh\ni\n");
}

}  // namespace
}  // namespace probes
