// SPDX-License-Identifier: GPL-2.0-only
#include "file.h"

#include <gtest/gtest.h>

#include <cerrno>
#include <system_error>

#include "temporary_directory.h"

namespace xpoll {
namespace {

TEST(File, IsReadBackAsWritten) {
  const TemporaryDirectory scratch;
  const std::string content("a\0b\n", 4);
  write_file(scratch.path() / "file", content);
  EXPECT_EQ(read_file(scratch.path() / "file"), content);
}

TEST(File, TellsThatTheDiskIsFull) {
  try {
    write_file("/dev/full", "content");
    FAIL() << "no exception";
  } catch (const std::system_error& error) {
    EXPECT_EQ(error.code().value(), ENOSPC);
  }
}

TEST(LastLine, IsTheLastThatHasItsEnd) {
  const TemporaryDirectory scratch;
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
}  // namespace xpoll
