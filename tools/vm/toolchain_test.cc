// SPDX-License-Identifier: GPL-2.0-only
#include "toolchain.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tools/util/file.h"
#include "tools/util/process.h"
#include "tools/util/temporary_directory.h"

namespace xpoll::vm {
namespace {

namespace fs = std::filesystem;

// A toolchain of which there is no more than the loader and libraries of this host.
class WrapPrograms : public testing::Test {
 protected:
  void SetUp() override {
    fs::create_directories(toolchain_.root / "usr/lib");
    fs::create_directory_symlink("/usr/lib/x86_64-linux-gnu",
                                 toolchain_.root / "usr/lib/x86_64-linux-gnu");
    fs::create_directory(programs_);
    fs::copy_file("/usr/bin/basename", programs_ / "basename");
  }

  TemporaryDirectory directory_;
  Toolchain toolchain_{.root = directory_.path() / "root", .programs = {}};
  fs::path programs_ = directory_.path() / "programs";
};

TEST_F(WrapPrograms, TheLoaderOfTheToolchainRunsThem) {
  wrap_programs(programs_, toolchain_);
  EXPECT_THAT(read_file(programs_ / "basename"),
              testing::HasSubstr((toolchain_.root / "usr/lib").string()));
  EXPECT_EQ(capture({(programs_ / "basename").string(), "/a/two words"}), "two words\n");
}

TEST_F(WrapPrograms, TheyRunWhereTheirDirectoryIsMoved) {
  wrap_programs(programs_, toolchain_);
  const fs::path moved = directory_.path() / "moved";
  fs::rename(programs_, moved);
  EXPECT_EQ(capture({(moved / "basename").string(), "/a/b"}), "b\n");
}

TEST_F(WrapPrograms, ASecondTimeChangesNothing) {
  wrap_programs(programs_, toolchain_);
  const std::string script = read_file(programs_ / "basename");
  wrap_programs(programs_, toolchain_);
  EXPECT_EQ(read_file(programs_ / "basename"), script);
  EXPECT_FALSE(fs::exists(programs_ / "basename.elf.elf"));
}

TEST_F(WrapPrograms, WhatAnInterruptedRunLeftIsNoObstacle) {
  write_file(programs_ / "basename.elf", "");
  wrap_programs(programs_, toolchain_);
  EXPECT_EQ(capture({(programs_ / "basename").string(), "/a/b"}), "b\n");
}

TEST_F(WrapPrograms, ScriptsAndLibrariesStayAsTheyAre) {
  write_file(programs_ / "script", "#!/bin/sh\n");
  fs::permissions(programs_ / "script", fs::perms::owner_all);
  fs::copy_file("/usr/bin/basename", programs_ / "libfirst.so.1");
  fs::copy_file("/usr/bin/basename", programs_ / "object.o");
  fs::permissions(programs_ / "object.o", fs::perms::owner_read);
  wrap_programs(programs_, toolchain_);
  EXPECT_EQ(read_file(programs_ / "script"), "#!/bin/sh\n");
  EXPECT_FALSE(fs::exists(programs_ / "libfirst.so.1.elf"));
  EXPECT_FALSE(fs::exists(programs_ / "object.o.elf"));
}

}  // namespace
}  // namespace xpoll::vm
