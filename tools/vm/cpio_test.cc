// SPDX-License-Identifier: GPL-2.0-only
#include "cpio.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tools/util/file.h"
#include "tools/util/process.h"
#include "tools/util/temporary_directory.h"

namespace xpoll::vm {
namespace {

TEST(Cpio, AnotherProgramUnpacksIt) {
  CpioArchive archive;
  archive.add_directory("d");
  archive.add_file("d/odd", "12345", 0755);
  archive.add_file("empty", "", 0600);
  const TemporaryDirectory scratch;
  write_file(scratch.path() / "archive", archive.finish());

  ChildSetup setup;
  setup.cwd = scratch.path();
  run_checked({"busybox", "cpio", "-i", "-d", "-F", "archive"}, setup);
  EXPECT_EQ(read_file(scratch.path() / "d" / "odd"), "12345");
  EXPECT_EQ(read_file(scratch.path() / "empty"), "");
  EXPECT_EQ(std::filesystem::status(scratch.path() / "d" / "odd").permissions(),
            std::filesystem::perms{0755});
}

TEST(Cpio, ArchivesCanFollowEachOther) {
  CpioArchive archive;
  archive.add_file("a", "x", 0644);
  EXPECT_EQ(archive.finish().size() % 4, 0U);
}

}  // namespace
}  // namespace xpoll::vm
