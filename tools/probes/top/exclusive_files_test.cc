// SPDX-License-Identifier: GPL-2.0-only
#include "probes/top/exclusive_files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace top {
namespace {

class ExclusiveFilesTest : public testing::Test {
 protected:
  Worker filled(const std::vector<Row>& rows, std::uint64_t instance_since = 1) {
    std::vector<Worker> workers(1);
    workers[0].ep = 1;
    workers[0].instance_since = instance_since;
    files_.fill(workers, rows);
    return workers[0];
  }

  static Row row(std::uint64_t seen_since = 1) {
    Row row;
    row.ep = 1;
    row.seen_since = seen_since;
    row.holders = {{.pid = 10, .fd = 3, .command = "nginx"}};
    return row;
  }

  int asked_ = 0;
  bool answer_ = true;
  ExclusiveFiles files_{[this](top_kind, pid_t pid, int fd) -> std::optional<Exclusive> {
    ++asked_;
    if (!answer_) return std::nullopt;
    return FileNumber{.device = static_cast<std::uint64_t>(pid),
                      .inode = static_cast<std::uint64_t>(fd)};
  }};
};

TEST_F(ExclusiveFilesTest, AnInstanceIsAskedAboutOnce) {
  for (int i = 0; i < 2; ++i)
    EXPECT_EQ(filled({row()}).file, (FileNumber{.device = 10, .inode = 3}));
  EXPECT_EQ(asked_, 1);
}

TEST_F(ExclusiveFilesTest, AnotherAtTheSameAddressIsAskedAboutAnew) {
  filled({row()});
  filled({row(2)}, 2);
  EXPECT_EQ(asked_, 2);
}

TEST_F(ExclusiveFilesTest, WhatCannotBeSaidNowIsAskedAgain) {
  answer_ = false;
  EXPECT_EQ(filled({row()}).file, std::nullopt);
  answer_ = true;
  EXPECT_EQ(filled({row()}).file, (FileNumber{.device = 10, .inode = 3}));
}

TEST_F(ExclusiveFilesTest, OneThatIsClosedIsNotAskedAbout) {
  Row closed = row();
  closed.closed = true;
  EXPECT_EQ(filled({closed}).file, std::nullopt);
  EXPECT_EQ(asked_, 0);
}

}  // namespace
}  // namespace top
