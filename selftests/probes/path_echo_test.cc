// SPDX-License-Identifier: GPL-2.0-only
// xpoll-path on the echo server: an event, with its stages, for each message that the client
// counted.
#include <gmock/gmock.h>

#include <algorithm>

#include "probes/echo_run.h"
#include "probes/path_run.h"
#include "util/each_backend.h"

namespace xpoll::test {
namespace {

using nlohmann::json;
using testing::Gt;
using testing::HasSubstr;
using testing::Not;

const std::vector<std::string> kEveryStage{"received", "tcp",      "established",
                                           "readable", "callback", "waking",
                                           "running",  "polled",   "returned"};

// The kernel skips a probe if an interrupt hits while the same probe runs, for any event.
// xpoll-path may then miss a wake-up, but it reports the missed hit.
bool lacks_its_wake_up(const json& event) {
  return event.at("came_to_sleeper") && std::ranges::count(stages_of(event), "waking") == 0;
}

// Expects the stages in path order. Of the optional stages, only the allowed combinations may be
// absent.
void expect_way(const json& event) {
  std::vector<std::string> stages = stages_of(event);
  if (event.at("came_to_sleeper") && !lacks_its_wake_up(event)) {
    EXPECT_EQ(stages, kEveryStage) << event;
    return;
  }
  const bool called = std::ranges::count(stages, "callback") > 0;
  for (const std::string& stage : kEveryStage) {
    const bool may_lack = stage == "waking" || stage == "running" || stage == "callback" ||
                          (stage == "readable" && !called);
    const auto place = std::ranges::find(stages, stage);
    if (place == stages.begin() && place != stages.end())
      stages.erase(place);
    else
      EXPECT_TRUE(may_lack) << "no " << stage << " at its place in " << event;
  }
  EXPECT_TRUE(stages.empty()) << "out of place in " << event;
}

void expect_order(const json& event) {
  std::int64_t last = 0;
  for (const json& stage : event.at("stages")) {
    EXPECT_LE(last, stage.at("ns").get<std::int64_t>()) << event;
    last = stage.at("ns");
  }
}

void expect_nothing_lost(const PathResult& result) {
  const json& lost = result.summary().at("lost");
  // Excludes "hits": see lacks_its_wake_up().
  for (const char* what : {"records", "entries", "incomplete"}) EXPECT_EQ(lost.at(what), 0) << what;
}

std::vector<json> events_at(const PathResult& result, const char* port_name, int port) {
  std::vector<json> events;
  std::ranges::copy_if(result.events, std::back_inserter(events),
                       [&](const json& event) { return event.at(port_name) == port; });
  return events;
}

std::size_t to_sleepers(const std::vector<json>& events) {
  return std::ranges::count_if(events,
                               [](const json& event) { return event.at("came_to_sleeper"); });
}

class PathEchoTest : public EachBackend {
 protected:
  void expect_one_event_each(const std::vector<std::string>& options, int connections,
                             int messages) {
    EchoRun echo(backend_, connections);
    std::vector<std::string> all{"--port", std::to_string(echo.port())};
    all.insert(all.end(), options.begin(), options.end());
    PathRun path(all);
    const std::size_t counted = echo.exchange(messages).at("messages");
    result_ = path.interrupt();

    ASSERT_EQ(result_.program.status, 0) << result_.program.err;
    at_server_ = events_at(result_, "local_port", echo.port());
    at_client_ = events_at(result_, "remote_port", echo.port());
    EXPECT_EQ(at_server_.size(), counted);
    EXPECT_EQ(at_client_.size(), counted);
    EXPECT_EQ(result_.events.size(), 2 * counted);
    expect_nothing_lost(result_);
    expect_summary(counted);
    const json& missed = result_.summary().at("lost").at("hits");
    EXPECT_LE(std::ranges::count_if(result_.events, lacks_its_wake_up),
              missed.is_null() ? 0 : missed.get<int>());
    for (const json& event : result_.events) {
      expect_way(event);
      expect_order(event);
    }
    for (const json& event : at_server_) {
      EXPECT_EQ(event.at("implementation"), backend_.name());
      EXPECT_EQ(event.at("task").at("pid"), echo.server_pid());
    }
  }

  PathResult result_;
  std::vector<json> at_server_;
  std::vector<json> at_client_;

 private:
  // The client runs on native epoll, so its events are counted with a native server's.
  void expect_summary(std::size_t messages) const {
    const std::size_t native = backend_.is_native() ? 2 * messages : messages;
    EXPECT_EQ(result_.of("native").at("events"), native);
    EXPECT_EQ(result_.of("native").at("packets"), native);
    EXPECT_EQ(result_.of("native").at("total").at("count"), native);
    EXPECT_EQ(result_.of("native").at("out_of_order"), 0);
    EXPECT_EQ(result_.of("xpoll").at("events"), 2 * messages - native);
  }
};
XPOLL_FOR_EACH_BACKEND(PathEchoTest);

TEST_P(PathEchoTest, EachMessageIsAnEventWithItsStages) {
  expect_one_event_each({}, 1, 100);
  EXPECT_THAT(to_sleepers(at_server_), Gt(0U));
  EXPECT_THAT(to_sleepers(at_client_), Gt(0U));
}

TEST_P(PathEchoTest, ManyConnectionsShareWaits) {
  expect_one_event_each({}, 50, 2);
  EXPECT_TRUE(
      std::ranges::any_of(at_server_, [](const json& event) { return event.at("batch") > 1; }));
}

TEST_P(PathEchoTest, KprobesSeeTheSame) {
  expect_one_event_each({"--kprobes"}, 1, 50);
  EXPECT_TRUE(result_.summary().at("lost").at("hits").is_null()) << "which nobody counts";
  EXPECT_THAT(result_.program.err, HasSubstr("kprobe tcp_v4_rcv"));
  EXPECT_THAT(result_.program.err, HasSubstr("kretprobe tcp_poll"));
  EXPECT_THAT(result_.program.err, Not(HasSubstr("fentry")));
  EXPECT_THAT(result_.program.err, Not(HasSubstr("fexit")));
}

TEST_P(PathEchoTest, ItEndsByItselfAtTheCount) {
  EchoRun echo(backend_, 1);
  PathRun path({"--port", std::to_string(echo.port()), "--count", "30"});
  echo.exchange(100);
  const PathResult result = path.join();
  EXPECT_EQ(result.program.status, 0);
  EXPECT_EQ(result.events.size(), 30U);
  EXPECT_EQ(
      result.of("native").at("events").get<int>() + result.of("xpoll").at("events").get<int>(), 30);
}

}  // namespace
}  // namespace xpoll::test
