// SPDX-License-Identifier: GPL-2.0-only
// xpoll-run's report of a program's activity.
#include <gmock/gmock.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "command.h"
#include "tools/util/temporary_directory.h"

namespace xpoll::test {
namespace {

using testing::ContainsRegex;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class Stats : public testing::Test {
 protected:
  nlohmann::json report() const { return nlohmann::json::parse(std::ifstream(json_)); }

  const TemporaryDirectory directory_;
  const std::string json_ = directory_.path() / "stats.json";
};

TEST_F(Stats, AreExact) {
  const Result result =
      run(on_xpoll({"--stats", "--stats-json", json_}, {"counted", "3", "5", "7"}));
  EXPECT_EQ(result.status(), 0) << result.err;
  EXPECT_THAT(result.err, HasSubstr(" on xpoll, by the preload library; the kernel counted:\n"));
  EXPECT_THAT(result.err, ContainsRegex("instances made +3\n"));
  EXPECT_THAT(result.err, ContainsRegex("watches added +15\n"));
  EXPECT_THAT(result.err, ContainsRegex("events delivered +21\n"));
  const nlohmann::json json = report();
  EXPECT_EQ(json.at("program"), built("preload-victim"));
  EXPECT_EQ(json.at("status"), 0);
  EXPECT_EQ(json.at("xpoll"), true);
  EXPECT_EQ(json.at("way"), "preload");
  const nlohmann::json& stats = json.at("stats");
  EXPECT_EQ(stats.at("instances"), 3);
  EXPECT_EQ(stats.at("open_instances"), 0);
  EXPECT_EQ(stats.at("watches"), 15);
  EXPECT_EQ(stats.at("open_watches"), 0);
  EXPECT_EQ(stats.at("events"), 21);
  EXPECT_EQ(stats.at("wakeups"), 0);
  for (const char* field : {"callbacks", "scans", "overflows"}) EXPECT_TRUE(stats.contains(field));
}

// Like the workers of a server that root started.
TEST_F(Stats, AreExactOfAProgramThatGivesItsPrivilegeUp) {
  const Result result =
      run(on_xpoll({"--stats-json", json_}, {"counted-unprivileged", "3", "5", "7"}));
  EXPECT_EQ(result.status(), 0) << result.err;
  EXPECT_EQ(report().at("stats").at("instances"), 3);
  EXPECT_EQ(report().at("stats").at("watches"), 15);
}

TEST_F(Stats, AreOfThisProgramAlone) {
  Command other(on_xpoll({}, {"takes-signals"}));
  ASSERT_EQ(other.read_line(), "ready");
  run(on_xpoll({"--stats-json", json_}, {"counted", "1", "1", "1"}));
  EXPECT_EQ(report().at("stats").at("instances"), 1);
}

TEST_F(Stats, OfAProgramWithoutEpollSaySoLoudly) {
  const Result result = run(on_xpoll({"--stats", "--stats-json", json_}, {"exits", "0"}));
  EXPECT_THAT(result.err, HasSubstr("did NOT use xpoll"));
  EXPECT_EQ(report().at("xpoll"), false);
}

TEST_F(Stats, AreNotPrintedUnasked) {
  EXPECT_THAT(run(on_xpoll({}, {"counted", "1", "1", "1"})).err, IsEmpty());
  EXPECT_THAT(run(on_xpoll({"--stats-json", json_}, {"counted", "1", "1", "1"})).err, IsEmpty());
}

TEST_F(Stats, TellOfInstancesThatAreLeftOpen) {
  Command command(on_xpoll({"--stats"}, {"left-open"}));
  EXPECT_THAT(command.wait().err, HasSubstr("still open: processes that are still running"));
}

TEST_F(Stats, HaveNoColoursInAPipe) {
  EXPECT_THAT(run(on_xpoll({"--stats"}, {"exits", "0"})).err, Not(HasSubstr("\033")));
}

TEST_F(Stats, ThatCannotBeWrittenKeepTheProgramFromRunning) {
  const Result result = run(on_xpoll({"--stats-json", "/nowhere/stats.json"}, {"identity"}));
  EXPECT_EQ(result.status(), 125);
  EXPECT_THAT(result.out, IsEmpty());
  EXPECT_THAT(result.err, HasSubstr("can't write /nowhere/stats.json: No such file"));
}

TEST_F(Stats, ThatFailToBeWrittenInTheEndLeaveTheProgramsStatusAsItIs) {
  const Result result = run(on_xpoll({"--stats-json", "/dev/full"}, {"exits", "7"}));
  EXPECT_EQ(result.status(), 7);
  EXPECT_THAT(result.err, HasSubstr("can't write /dev/full: No space left"));
}

}  // namespace
}  // namespace xpoll::test
