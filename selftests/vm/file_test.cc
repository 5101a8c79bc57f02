// SPDX-License-Identifier: GPL-2.0-only
#include "file.h"

#include <gtest/gtest.h>

namespace xpoll::vm {
namespace {

TEST(LastLine, IsTheLastThatHasItsEnd) {
  const ScratchDirectory scratch;
  const auto path = scratch.path() / "phase";
  EXPECT_EQ(last_line(path), "");
  const auto of = [&](std::string_view text) {
    write_file(path, text);
    return last_line(path);
  };
  EXPECT_EQ(of(""), "");
  EXPECT_EQ(of("half"), "");
  EXPECT_EQ(of("one\n"), "one");
  EXPECT_EQ(of("one\ntwo\n"), "two");
  EXPECT_EQ(of("one\ntwo\nthr"), "two");
  EXPECT_EQ(of("\n"), "");
}

}  // namespace
}  // namespace xpoll::vm
