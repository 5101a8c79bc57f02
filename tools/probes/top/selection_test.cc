// SPDX-License-Identifier: GPL-2.0-only
#include "probes/top/selection.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace top {
namespace {

using testing::ElementsAre;

Row row(std::uint64_t ep, std::vector<Holder> holders) {
  Row row;
  row.ep = ep;
  row.holders = std::move(holders);
  return row;
}

std::vector<std::uint64_t> addresses(const std::vector<Row>& rows) {
  std::vector<std::uint64_t> addresses;
  for (const Row& row : rows) addresses.push_back(row.ep);
  return addresses;
}

std::vector<Row> three() {
  std::vector<Row> rows{row(1, {{.pid = 10, .fd = 3, .command = "nginx"}}),
                        row(2, {{.pid = 11, .fd = 3, .command = "redis"}}),
                        row(3, {{.pid = 12, .fd = 4, .command = "nginx"},
                                {.pid = 13, .fd = 4, .command = "helper"}})};
  rows[0].figures.events = 5;
  rows[1].figures.events = 7;
  rows[2].figures.events = 6;
  return rows;
}

TEST(SelectionTest, TheBusiestComesFirst) {
  EXPECT_THAT(addresses(select(three(), {})), ElementsAre(2, 3, 1));
}

TEST(SelectionTest, EqualRowsAreInTheOrderOfTheirProcesses) {
  EXPECT_THAT(addresses(select(three(), {.pids = {}, .command = {}, .sort = "wakes"})),
              ElementsAre(1, 2, 3));
}

TEST(SelectionTest, WhatIsNotKnownComesLast) {
  std::vector<Row> rows = three();
  rows[0].figures.scan_ns.reset();
  rows[2].figures.scan_ns = 1;
  EXPECT_THAT(addresses(select(rows, {.pids = {}, .command = {}, .sort = "scan"})),
              ElementsAre(3, 2, 1));
}

TEST(SelectionTest, AnyHolderLetsItPassAndComesFirst) {
  const std::vector<Row> rows = select(three(), {.pids = {13}, .command = {}, .sort = "pid"});
  ASSERT_THAT(addresses(rows), ElementsAre(3));
  EXPECT_EQ(rows[0].holders[0].pid, 13);
  EXPECT_EQ(rows[0].holders[1].pid, 12);
}

TEST(SelectionTest, PartOfACommandIsEnough) {
  EXPECT_THAT(addresses(select(three(), {.pids = {}, .command = "gin", .sort = "pid"})),
              ElementsAre(1, 3));
}

}  // namespace
}  // namespace top
