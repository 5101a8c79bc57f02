// SPDX-License-Identifier: GPL-2.0-only
// xpoll-path's text output.
#include <gmock/gmock.h>

#include <csignal>

#include "probes/echo_run.h"

namespace xpoll::test {
namespace {

using testing::ContainsRegex;
using testing::HasSubstr;
using testing::Not;

ProgramResult path_of_echo(int messages, const std::vector<std::string>& options) {
  EchoRun echo(Backend::xpoll(), 1);
  std::vector<std::string> all{"--port", std::to_string(echo.port())};
  all.insert(all.end(), options.begin(), options.end());
  Program path("xpoll-path", all);
  path.wait_for_error("looking at native and xpoll");
  echo.exchange(messages);
  path.signal(SIGINT);
  return path.join();
}

TEST(PathTextTest, ATimelineOfEachAndASummaryOfAll) {
  const ProgramResult result = path_of_echo(20, {"--count", "100"});
  EXPECT_EQ(result.status, 0);
  for (const char* line :
       {"xpoll: xpoll-echo/", "  xpoll_callback  ", "XPOLL_IOC_WAIT returns", "native: xpoll-echo-",
        "  ep_poll_callback  ", "epoll_wait returns", "native: 20 events of 20 packets",
        "xpoll: 20 events of 20 packets", "\nmicroseconds ", "\ncallback ",
        "\nsock_def_readable -> callback\n", "\npacket to return ", "|**", "no known losses"})
    EXPECT_THAT(result.out, HasSubstr(line));
  EXPECT_THAT(result.out, Not(HasSubstr("\x1b"))) << "colours in a file";
}

TEST(PathTextTest, IntervalsEachHaveASummary) {
  EchoRun echo(Backend::xpoll(), 1);
  Program path("xpoll-path", {"--json", "--interval", "0.2"});
  path.wait_for_error("looking at");
  path.wait_for_output("summary");
  const int messages = echo.exchange(10).at("messages");
  path.signal(SIGINT);
  const ProgramResult result = path.join();
  EXPECT_THAT(result.out, ContainsRegex("\"summary\".*\n.*\"summary\""));
  // The last summary covers everything.
  const auto last = result.out.rfind("{\"type\":\"summary\"");
  ASSERT_NE(last, std::string::npos);
  const auto summary = nlohmann::json::parse(result.out.substr(last));
  EXPECT_EQ(summary.at("implementations").at("xpoll").at("events"), messages);
}

TEST(PathTextTest, ADurationEndsIt) {
  const ProgramResult result = Program("xpoll-path", {"--duration", "0.1"}).join();
  EXPECT_EQ(result.status, 0);
  EXPECT_THAT(result.out, HasSubstr("native: no events\nxpoll: no events\n"));
}

}  // namespace
}  // namespace xpoll::test
