// SPDX-License-Identifier: GPL-2.0-only
#include "links.h"

#include <gtest/gtest.h>

#include "tools/util/file.h"
#include "tools/util/temporary_directory.h"

namespace xpoll::vm {
namespace {

namespace fs = std::filesystem;

class LinksTest : public testing::Test {
 protected:
  LinksTest() {
    fs::create_directories(root_ / "usr/lib/java");
    fs::create_directories(root_ / "etc/java");
    write_file(root_ / "etc/java/jvm.cfg", "its own");
  }

  const TemporaryDirectory scratch_;
  const fs::path root_ = scratch_.path() / "root";
};

TEST_F(LinksTest, AnAbsoluteLinkComesToWhatWasUnpacked) {
  fs::create_symlink("/etc/java/jvm.cfg", root_ / "usr/lib/java/jvm.cfg");
  make_links_relative(root_);
  EXPECT_EQ(fs::read_symlink(root_ / "usr/lib/java/jvm.cfg"), "../../../etc/java/jvm.cfg");
  EXPECT_EQ(read_file(root_ / "usr/lib/java/jvm.cfg"), "its own");
}

TEST_F(LinksTest, SoDoesOneThroughAnotherLink) {
  fs::create_symlink("/etc/java", root_ / "usr/lib/java/conf");
  fs::create_symlink("/usr/lib/java/conf/jvm.cfg", root_ / "usr/lib/java/jvm.cfg");
  make_links_relative(root_);
  EXPECT_EQ(read_file(root_ / "usr/lib/java/jvm.cfg"), "its own");
}

TEST_F(LinksTest, ALinkToWhatOnlyTheHostHasStays) {
  fs::create_symlink("/proc/self/mounts", root_ / "etc/mtab");
  make_links_relative(root_);
  EXPECT_EQ(fs::read_symlink(root_ / "etc/mtab"), "/proc/self/mounts");
}

TEST_F(LinksTest, ARelativeLinkStays) {
  fs::create_symlink("java/jvm.cfg", root_ / "etc/jvm.cfg");
  make_links_relative(root_);
  EXPECT_EQ(fs::read_symlink(root_ / "etc/jvm.cfg"), "java/jvm.cfg");
}

}  // namespace
}  // namespace xpoll::vm
