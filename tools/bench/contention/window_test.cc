// SPDX-License-Identifier: GPL-2.0-only
#include "window.h"

#include <gtest/gtest.h>

#include <sstream>
#include <stdexcept>

namespace bench_contention {
namespace {

TEST(Windows, AreReadAsTheyWereWritten) {
  std::vector<Window> written(2);
  written[0] = {1000, 20, {3, 4}, {{0xffffffff81000000, {3, 0}}, {0x401000, {0, 4}}}};
  written[1].instructions = 7;
  std::stringstream file;
  write_windows(written, file);

  const std::vector<Window> read = read_windows(file);
  ASSERT_EQ(read.size(), 2u);
  EXPECT_EQ(read[0].instructions, 1000u);
  EXPECT_EQ(read[0].locked, 20u);
  EXPECT_EQ(read[0].crossings.written, 3u);
  EXPECT_EQ(read[0].crossings.read, 4u);
  EXPECT_EQ(read[0].sites.at(0xffffffff81000000).written, 3u);
  EXPECT_EQ(read[0].sites.at(0x401000).read, 4u);
  EXPECT_EQ(read[1].instructions, 7u);
  EXPECT_TRUE(read[1].sites.empty());
}

TEST(Windows, OfAnotherFormatAreRefused) {
  for (const char* text : {"site 1 2 3\n", "window 1 2 x\n", "0 ffff 3\n"}) {
    std::istringstream file(text);
    EXPECT_THROW(read_windows(file), std::runtime_error) << text;
  }
}

}  // namespace
}  // namespace bench_contention
