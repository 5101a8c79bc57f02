// SPDX-License-Identifier: GPL-2.0-only
#include "json.h"

#include <gmock/gmock.h>

#include "sample_comparison.h"

namespace probes::compare {
namespace {

using nlohmann::ordered_json;

TEST(Json, HasBothSidesWithTheSameMembers) {
  const ordered_json json = to_json(sample_comparison());
  for (const char* side : {"native", "xpoll"}) {
    const ordered_json& run = json.at(side);
    EXPECT_EQ(run.at("counts").at("events"), 100) << side;
    EXPECT_EQ(run.at("counts").at("system_calls"), 57) << side;
    EXPECT_EQ(run.at("per_event").at("waits"), 0.5) << side;
    EXPECT_EQ(run.at("calls").at("read"), 7) << side;
    EXPECT_EQ(run.at("path").at("events"), 10) << side;
  }
  EXPECT_EQ(json.at("xpoll").at("calls").at("ioctl XPOLL_IOC_WAIT"), 50);
  EXPECT_EQ(json.at("xpoll").at("path").at("total").at("p50_ns"), 16000);
}

TEST(Json, SaysWhereItWasMadeAndWhetherTheTimesCanBeCompared) {
  Comparison comparison = sample_comparison();
  comparison.remark = "a remark";
  const ordered_json json = to_json(comparison);
  EXPECT_EQ(json.at("machine"), "a machine for tests");
  EXPECT_EQ(json.at("date"), "2026-11-28");
  EXPECT_EQ(json.at("remark"), "a remark");
  EXPECT_EQ(json.at("verdict").at(0), "the same work: 100 events on each");
  EXPECT_TRUE(json.at("drift").is_string());
  comparison.xpoll.path = comparison.native.path;
  EXPECT_TRUE(to_json(comparison).at("drift").is_null());
}

TEST(Json, HasTheBucketsOfEventsPerWaitThatAreNotEmpty) {
  const ordered_json json = to_json(sample_comparison());
  EXPECT_EQ(json.at("native").at("events_per_wait"),
            ordered_json::parse(R"([{"from": 2, "waits": 50}])"));
}

TEST(Json, HasNullForWhatIsNotKnown) {
  Comparison comparison = sample_comparison();
  comparison.native.figures.events = 0;
  const ordered_json json = to_json(comparison);
  EXPECT_TRUE(json.at("native").at("per_event").at("waits").is_null());
  EXPECT_TRUE(json.at("native").at("said").is_null());
}

}  // namespace
}  // namespace probes::compare
