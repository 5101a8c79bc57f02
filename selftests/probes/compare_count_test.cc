// SPDX-License-Identifier: GPL-2.0-only
// Compares xpoll-compare's counts with those of the programs that it runs, and checks its remark.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <sys/syscall.h>

#include <cstdint>

#include "probes/compare_run.h"

namespace xpoll::test {
namespace {

using nlohmann::json;
using testing::AllOf;
using testing::ContainsRegex;
using testing::HasSubstr;

constexpr int kMessages = 1000;

// Several tests share each of these runs.
const CompareRun& run_over_one_connection() {
  static const CompareRun kRun(
      "--connections 1 --messages 1000 --histograms --remark 'a remark' --json $DIR/json");
  return kRun;
}

const json& messages_over_one_connection() {
  static const json kReport = run_over_one_connection().json();
  return kReport;
}

#ifdef SYS_epoll_wait
constexpr int kWaitCall = SYS_epoll_wait;
#else
constexpr int kWaitCall = SYS_epoll_pwait;  // arm64 has no other
#endif

// Three children and their parent call getppid, which nothing else calls. Then the parent calls
// epoll_create1, and epoll_wait with timeout 0; epoll_pwait takes a signal mask, and its size, too.
// Then it sleeps, and prints the kernel's count of its context switches meanwhile.
const CompareRun& run_of_a_family() {
  static const CompareRun kRun(
      "--json $DIR/json -- perl -e '" +
      fmt::format("my ($getppid, $create, $wait) = ({}, {}, {}); ", SYS_getppid, SYS_epoll_create1,
                  kWaitCall) +
      "for (1..3) { unless (fork) { syscall($getppid) for 1..100; exit } } 1 while wait > 0; "
      "syscall($getppid) for 1..1000; "
      "my $ep = syscall($create, 0); my $room = \"\\0\" x 16; "
      "syscall($wait, $ep, $room, 1, 0, 0, 8) for 1..50; "
      "sub count { open F, \"/proc/self/status\"; "
      "my ($n) = map { /^voluntary_ctxt.*?(\\d+)/ } <F>; $n } "
      "my $before = count; select undef, undef, undef, 0.001 for 1..500; "
      "print \"<\", count() - $before, \">\"'");
  return kRun;
}

const json& family_that_waits_in_vain() {
  static const json kReport = run_of_a_family().json();
  return kReport;
}

class CompareCountTest : public testing::TestWithParam<const char*> {
 protected:
  static std::uint64_t calls(const json& run, const std::string& name) {
    return run.at("calls").value(name, std::uint64_t{0});
  }
  static bool on_xpoll() { return std::string(GetParam()) == "xpoll"; }
};

// The other two events: the client connects, and disconnects.
TEST_P(CompareCountTest, AnEventForEachMessageOfTheClient) {
  const json run = messages_over_one_connection().at(GetParam());
  EXPECT_EQ(run.at("said").at("client").at("messages"), kMessages);
  EXPECT_EQ(run.at("counts").at("events"), kMessages + 2);
}

TEST_P(CompareCountTest, EachMessageIsFollowedToTheServer) {
  const json path = messages_over_one_connection().at(GetParam()).at("path");
  EXPECT_EQ(path.at("events"), kMessages);
  EXPECT_EQ(path.at("packets"), kMessages);
  EXPECT_EQ(path.at("out_of_order"), 0);
  EXPECT_EQ(path.at("total").at("count"), kMessages);
}

TEST_P(CompareCountTest, TheSystemCallsThatTheServerCountsItself) {
  const json run = messages_over_one_connection().at(GetParam());
  const json& server = run.at("said").at("server");
  EXPECT_EQ(calls(run, "recvfrom"), server.at("reads"));
  EXPECT_EQ(calls(run, "sendto"), server.at("writes"));
  EXPECT_EQ(calls(run, "accept4"), server.at("accepts"));
  EXPECT_EQ(calls(run, on_xpoll() ? "ioctl XPOLL_IOC_CTL" : "epoll_ctl"), server.at("ctls"));
  EXPECT_EQ(calls(run, on_xpoll() ? "ioctl XPOLL_IOC_WAIT" : "epoll_pwait"), server.at("waits"));
  EXPECT_EQ(calls(run, on_xpoll() ? "epoll_ctl" : "ioctl XPOLL_IOC_CTL"), 0);
  EXPECT_EQ(calls(run, on_xpoll() ? "epoll_pwait" : "ioctl XPOLL_IOC_WAIT"), 0);
}

TEST_P(CompareCountTest, EventsAndWaitsOfManyConnections) {
  static const json kReport = CompareRun("--connections 20 --messages 20 --json $DIR/json").json();
  const json& run = kReport.at(GetParam());
  const json& server = run.at("said").at("server");
  const json& counted = run.at("counts");
  EXPECT_EQ(counted.at("events"), server.at("events"));
  EXPECT_EQ(counted.at("waits"), server.at("waits"));
  std::uint64_t waits = 0;
  for (const json& bucket : run.at("events_per_wait")) waits += bucket.at("waits").get<int>();
  EXPECT_EQ(waits, server.at("waits"));
}

TEST_P(CompareCountTest, AWaitSleepsAndIsWoken) {
  const json counted = messages_over_one_connection().at(GetParam()).at("counts");
  EXPECT_GT(counted.at("waits_slept"), 0);
  EXPECT_LE(counted.at("waits_slept"), counted.at("waits"));
  EXPECT_GE(counted.at("sleeps"), counted.at("waits_slept"));
  EXPECT_GE(counted.at("voluntary_switches"), counted.at("sleeps"));
  EXPECT_GE(counted.at("wakeups"), counted.at("waits_slept"));
  EXPECT_GE(counted.at("all_wakeups"), counted.at("wakeups"));
  EXPECT_GE(counted.at("callbacks"), kMessages);
  EXPECT_EQ(counted.at("waits_failed"), 0);
  EXPECT_EQ(counted.at("waits_empty"), 0);
}

TEST_P(CompareCountTest, AWaitThatFindsNothingAndNeverSleeps) {
  const json counted = family_that_waits_in_vain().at(GetParam()).at("counts");
  EXPECT_EQ(counted.at("waits"), 50);
  EXPECT_EQ(counted.at("waits_empty"), 50);
  EXPECT_EQ(counted.at("waits_slept"), 0);
  EXPECT_EQ(counted.at("sleeps"), 0);
  EXPECT_EQ(counted.at("events"), 0);
}

TEST_P(CompareCountTest, TheInstanceIsOfTheSidesOwnKind) {
  const json instances = messages_over_one_connection().at(GetParam()).at("instances");
  EXPECT_EQ(instances.at("native"), on_xpoll() ? 0 : 1);
  EXPECT_EQ(instances.at("xpoll"), on_xpoll() ? 1 : 0);
}

TEST_P(CompareCountTest, SystemCallsOfAProgramAndItsChildren) {
  const json run = family_that_waits_in_vain().at(GetParam());
  EXPECT_EQ(run.at("status"), 0);
  EXPECT_EQ(calls(run, "getppid"), 1300);
  EXPECT_EQ(run.at("counts").at("tasks"), 4);
}

// The kernel's count only covers the time in which the parent sleeps, so the total is larger.
TEST_P(CompareCountTest, NoSwitchOfAProcessIsMissed) {
  const std::string said = run_of_a_family().err();
  const auto at = said.find('<', on_xpoll() ? said.find('>') : 0);
  ASSERT_NE(at, std::string::npos) << said;
  const int counted_by_kernel = std::stoi(said.substr(at + 1));
  EXPECT_GT(counted_by_kernel, 250);
  const json counted = family_that_waits_in_vain().at(GetParam()).at("counts");
  EXPECT_GE(counted.at("voluntary_switches"), counted_by_kernel);
  EXPECT_LT(counted.at("voluntary_switches"), 2 * counted_by_kernel);
}

TEST(CompareRunTest, SaysWhatItRanOnWhenAndWhatItIsToldTo) {
  const json& report = messages_over_one_connection();
  EXPECT_THAT(report.at("machine").get<std::string>(), ContainsRegex("(emulated|virtual) machine"));
  EXPECT_THAT(report.at("date").get<std::string>(), testing::MatchesRegex("20..-..-.."));
  EXPECT_EQ(report.at("remark"), "a remark");
  EXPECT_THAT(run_over_one_connection().out(),
              AllOf(HasSubstr("; a remark. Each run once."), HasSubstr("|**")));
}

INSTANTIATE_TEST_SUITE_P(, CompareCountTest, testing::Values("native", "xpoll"),
                         [](const auto& info) { return std::string(info.param); });

}  // namespace
}  // namespace xpoll::test
