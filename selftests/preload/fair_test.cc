// SPDX-License-Identifier: GPL-2.0-only
// The report of xpoll-fair about a few connections.
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>
#include <string>

#include "command.h"
#include "tools/util/file.h"
#include "tools/util/temporary_directory.h"

namespace xpoll::test {
namespace {

using testing::Each;
using testing::Gt;
using testing::HasSubstr;

// The only outcome of the report.
nlohmann::json outcome_of(const std::string& workers) {
  const TemporaryDirectory out;
  const Result result = run({built("xpoll-fair"), "--workers", "3", "--connections", "60",
                             "--regulars", "6", "--only", workers, "--out", out.path()});
  EXPECT_EQ(result.status(), 0) << result.err;
  const auto report = nlohmann::json::parse(read_file(out.path() / "fair.json"));
  EXPECT_EQ(report.at("outcomes").size(), 1U);
  EXPECT_EQ(report.at("outcomes").at(0).at("connections"), 60);
  return report.at("outcomes").at(0);
}

// The numbers depend on which workers are asleep. Wake.RoundRobinTakesEachWorkerInTurn tests the
// turns.
TEST(Fair, EachWorkerHasConnectionsOfAPolicyThatTakesTurns) {
  EXPECT_THAT(outcome_of("round-robin, EXCLUSIVE").at("connections_by_worker"), Each(Gt(0)));
}

// A policy that ignored heartbeats would give it its turn: a third of 60.
TEST(Fair, SilentWorkerHasHardlyAnyConnectionsWithAPolicy) {
  EXPECT_LT(outcome_of("round-robin, EXCLUSIVE").at("to_silent_worker"), 15);
}

TEST(Fair, SilentWorkerHasConnectionsWithoutAPolicy) {
  EXPECT_GT(outcome_of("native, EXCLUSIVE").at("to_silent_worker"), 0);
}

TEST(Fair, WorkersOfNoSuchNameAreAnError) {
  const Result result = run({built("xpoll-fair"), "--only", "nobody"});
  EXPECT_EQ(result.status(), 1);
  EXPECT_THAT(result.err, HasSubstr("no arrangement's name contains: nobody"));
}

}  // namespace
}  // namespace xpoll::test
