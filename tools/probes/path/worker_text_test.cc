// SPDX-License-Identifier: GPL-2.0-only
#include "probes/path/worker_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <nlohmann/json.hpp>

#include "probes/path/summary_json.h"
#include "probes/path/summary_text.h"

namespace probes::path {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr std::uint64_t kStageNs = 2000;

/// An event of a thread, with equal steps and `late_ns` more before its return.
Event event_of(std::uint32_t tid, std::uint64_t late_ns = 0) {
  Event event;
  event.kind = Kind::xpoll;
  event.tid = tid;
  event.tgid = 7;
  event.comm = "nginx";
  for (const Stage stage : kAllStages)
    event.marks[index_of(stage)] =
        Mark{.ns = 1000 + index_of(stage) * kStageNs, .tid = 0, .cpu = 0};
  event.marks[index_of(Stage::returned)]->ns += late_ns;
  return event;
}

Summary summary_of(const std::vector<Event>& events) {
  Summary summary;
  for (const Event& event : events) summary.add(event);
  return summary;
}

std::string text_of(const Summary& summary) {
  return workers_text(summary, kKinds, Terminal(stdout));
}

TEST(WorkerTextTest, EachThreadHasARowWithItsOwnTimesTheBusiestFirst) {
  const std::string text = text_of(summary_of({event_of(8, 5000), event_of(9), event_of(9)}));
  const std::size_t head = text.find("p50, microseconds");
  const std::size_t busy = text.find("xpoll nginx/9");
  const std::size_t other = text.find("xpoll nginx/8");
  ASSERT_THAT((std::vector{head, busy, other}), testing::Each(testing::Ne(std::string::npos)));
  EXPECT_LT(head, busy);
  EXPECT_LT(busy, other);
  EXPECT_THAT(text.substr(busy, other - busy), AllOf(HasSubstr("  2  "), Not(HasSubstr("7.000"))));
  EXPECT_THAT(text.substr(other), AllOf(HasSubstr("  1  "), HasSubstr("7.000")));
}

TEST(WorkerTextTest, AStageHasItsTimeWhateverStageCameBefore) {
  Event found = event_of(8);
  found.marks[index_of(Stage::waking)].reset();
  found.marks[index_of(Stage::running)].reset();
  EXPECT_THAT(text_of(summary_of({found, event_of(9)})), HasSubstr(" 6.000 "));
}

TEST(WorkerTextTest, ItFitsTheReport) {
  Event first = event_of(4'194'304, 1'000'000'000);
  first.comm = "a-long-command-";
  const std::string text = text_of(summary_of({first, event_of(9)}));
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);)
    EXPECT_LE(line.size(), static_cast<std::size_t>(kReportColumns)) << line;
  EXPECT_THAT(text, HasSubstr("returned"));
}

TEST(WorkerTextTest, OfVeryManyThreadsTheRestIsCounted) {
  std::vector<Event> events;
  for (std::uint32_t tid = 1; tid <= 25; ++tid) events.push_back(event_of(tid));
  EXPECT_THAT(text_of(summary_of(events)), HasSubstr("(5 more threads of xpoll)"));
}

TEST(WorkerTextTest, OneThreadAloneNeedsNoTableOfItsOwn) {
  EXPECT_THAT(text_of(summary_of({event_of(8), event_of(8)})), IsEmpty());
}

TEST(WorkerJsonTest, EachThreadHasTheSameFiguresAsAllOfThem) {
  const auto json = to_json(summary_of({event_of(8, 5000), event_of(9), event_of(9)}), kKinds);
  const auto& workers = json.at("xpoll").at("workers");
  ASSERT_EQ(workers.size(), 2U);
  EXPECT_EQ(workers[0].at("tid"), 9);
  EXPECT_EQ(workers[0].at("pid"), 7);
  EXPECT_EQ(workers[0].at("comm"), "nginx");
  EXPECT_EQ(workers[0].at("events"), 2);
  EXPECT_EQ(workers[1].at("total").at("max_ns"), 8 * kStageNs + 5000);
  EXPECT_EQ(workers[1].at("steps").size(), json.at("xpoll").at("steps").size());
  EXPECT_THAT(json.at("native").at("workers"), IsEmpty());
}

}  // namespace
}  // namespace probes::path
