// SPDX-License-Identifier: GPL-2.0-only
#include "table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "figure.h"
#include "sample_results.h"
#include "tools/util/file.h"
#include "tools/util/temporary_directory.h"

namespace bench_report {
namespace {

using testing::ContainsRegex;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::Pair;
using testing::SizeIs;

TEST(Figure, HasGroupsOfThreeAndADecimalIfSmall) {
  EXPECT_EQ(format_figure(718.04), "718.0");
  EXPECT_EQ(format_figure(0.125), "0.12");
  EXPECT_EQ(format_figure(9999.5), "9,999.5");
  EXPECT_EQ(format_figure(1234567), "1,234,567");
}

TEST(Rows, CollectTheBackendsOfASubject) {
  const auto rows = to_rows(results_of(
      {{"wait/epoll/1", 10}, {"wait/xpoll/1", 12}, {"wait/epoll/2", 20}, {"x/epoll", 1}}));
  ASSERT_THAT(rows, SizeIs(3));
  EXPECT_THAT(rows[0].figures, ElementsAre(Pair("epoll", 10), Pair("xpoll", 12)));
  EXPECT_EQ(rows[1].parameters, "2");
}

TEST(Table, ShowsTheRatioAndTheKernel) {
  const std::string table =
      to_table(results_of({{"wait/poll/1", 99}, {"wait/xpoll/1", 12}, {"wait/epoll/1", 10}}));
  EXPECT_THAT(table, HasSubstr("Linux 6.1.0-56-amd64 (#1 SMP)"));
  EXPECT_THAT(table,
              HasSubstr("| wait    | 1          | instructions | 99.0 |  10.0 |  12.0 | 1.200 |"));
}

TEST(Table, HasNoRatioToNothing) {
  const std::string table = to_table(results_of({{"wait/xpoll/1", 12}, {"wait/epoll/1", 0}}));
  EXPECT_THAT(table, Not(HasSubstr("inf")));
}

TEST(Table, SaysWhichGoalsAreMet) {
  const Results results = results_of({{"ctl_mod_tcp/epoll/1", 100},
                                      {"ctl_mod_tcp/xpoll/1", 125},
                                      {"ctl_del_tcp/epoll/1", 100},
                                      {"ctl_del_tcp/xpoll/1", 111}});
  const std::string table = to_table(results);
  EXPECT_THAT(table, HasSubstr("| MOD  | ctl_mod_tcp 1 | 1.250 |  1.25 |    met |"));
  EXPECT_THAT(table, HasSubstr("| DEL  | ctl_del_tcp 1 | 1.110 |  1.10 | MISSED |"));
}

TEST(Table, LinksAMissedGoalToItsProfile) {
  const Results results = results_of({{"wait_level_tcp/epoll/1/1000", 100},
                                      {"wait_level_tcp/xpoll/1/1000", 125},
                                      {"wait_level_unix/epoll/1/1000", 100},
                                      {"wait_level_unix/xpoll/1/1000", 125}});
  const xpoll::TemporaryDirectory directory;
  xpoll::write_file(directory.path() / "profile-wait_level_tcp-1-1000.txt", "");
  const std::string table = to_table(results, directory.path());
  EXPECT_THAT(table, HasSubstr("1.20 | [MISSED](profile-wait_level_tcp-1-1000.txt) |"));
  EXPECT_THAT(table, ContainsRegex("wait_level_unix 1/1000 \\| 1.250 \\|  1.20 \\| +MISSED \\|"));
}

TEST(TableJson, HoldsTheSame) {
  const auto json =
      to_json(results_of({{"ctl_mod_tcp/epoll/1", 100}, {"ctl_mod_tcp/xpoll/1", 125}}));
  EXPECT_EQ(json.at("kernel"), "6.1.0-56-amd64 (#1 SMP)");
  EXPECT_EQ(json.at("rows").at(0).at("figures").at("xpoll"), 125);
  EXPECT_EQ(json.at("rows").at(0).at("ratio"), 1.25);
  EXPECT_EQ(json.at("goals").at(0).at("met"), true);
}

}  // namespace
}  // namespace bench_report
