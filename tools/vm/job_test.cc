// SPDX-License-Identifier: GPL-2.0-only
#include "job.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tools/util/file.h"
#include "tools/util/temporary_directory.h"

namespace xpoll::vm {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

namespace fs = std::filesystem;

TEST(ModuleName, IsTheFilesWithUnderscores) {
  EXPECT_EQ(module_name("build/6.1-rt/xpoll.ko"), "xpoll");
  EXPECT_EQ(module_name("a-b.ko"), "a_b");
}

class TmpDirectories : public testing::Test {
 protected:
  TemporaryDirectory scratch_;
  std::string relative_ = scratch_.path().lexically_relative("/tmp");
};

TEST_F(TmpDirectories, AreThoseOfTheDirectoryAndTheArguments) {
  fs::create_directories(scratch_.path() / "work");
  fs::create_directories(scratch_.path() / "data");
  write_file(scratch_.path() / "data" / "file", "");
  Job job;
  job.cwd = scratch_.path() / "work";
  job.command = {"/bin/cat", (scratch_.path() / "data" / "file").string(), "/tmp/not-there"};
  EXPECT_THAT(tmp_directories(job), ElementsAre(relative_ + "/data", relative_ + "/work"));
}

TEST_F(TmpDirectories, InsideOneAnotherAreOne) {
  fs::create_directories(scratch_.path() / "work");
  Job job;
  job.cwd = scratch_.path() / "work";
  job.command = {"/bin/ls", scratch_.path().string()};
  EXPECT_THAT(tmp_directories(job), ElementsAre(relative_));
}

TEST(TmpDirectory, IsNotTmpItself) {
  Job job;
  job.cwd = "/tmp";
  job.command = {"/bin/ls", "relative", "/usr", "/tmp/../etc"};
  EXPECT_THAT(tmp_directories(job), IsEmpty());
}

TEST(UsedDirectories, AreThoseThatAGuestWithAnotherRootLacks) {
  Job job;
  job.cwd = "/root";
  job.command = {"/bin/ls", "/", "/root/not-there", "/usr/include", "/tmp"};
  EXPECT_THAT(used_directories(job), ElementsAre("/root"));
}

}  // namespace
}  // namespace xpoll::vm
