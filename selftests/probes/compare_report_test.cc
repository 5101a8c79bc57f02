// SPDX-License-Identifier: GPL-2.0-only
// The reports of xpoll-compare, and its error messages.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <sys/syscall.h>

#include <cstdlib>
#include <regex>
#include <string>

#include "probes/compare_run.h"
#include "probes/without_module.h"

namespace xpoll::test {
namespace {

using nlohmann::json;
using testing::AllOf;
using testing::ContainsRegex;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr int kFailed = 125;

// While it lives, PATH contains no programs.
class EmptyPath {
 public:
  EmptyPath() { setenv("PATH", "/nowhere", true); }
  EmptyPath(const EmptyPath&) = delete;
  EmptyPath& operator=(const EmptyPath&) = delete;
  ~EmptyPath() { setenv("PATH", before_.c_str(), true); }

 private:
  const std::string before_ = std::getenv("PATH");
};

// Several tests share each of these runs.
const CompareRun& echo_in_all_forms() {
  static const CompareRun kRun(
      "--connections 2 --messages 20 --json $DIR/json --html $DIR/html --svg $DIR/svg && "
      "xmllint --noout \"$DIR/html\" \"$DIR/svg\"");
  return kRun;
}

const CompareRun& load_on_a_forking_command() {
  static const CompareRun kRun(
      "--load false --json $DIR/json -- sh -c 'setsid --fork sleep infinity'");
  return kRun;
}

TEST(CompareReportTest, HasBothSidesInTextPageAndPicture) {
  const CompareRun& compare = echo_in_all_forms();
  ASSERT_EQ(compare.status(), 0) << compare.err();
  EXPECT_THAT(compare.out(),
              AllOf(ContainsRegex("\nnative: 40 events of 40 packets"),
                    ContainsRegex("\nxpoll: 40 events of 40 packets"),
                    ContainsRegex("\npacket to return +40 .* 40 "),
                    ContainsRegex("\nevents delivered +44 +44 "),
                    HasSubstr("\n- the same work: 44 events on each\n"), HasSubstr("never speed"),
                    Not(HasSubstr("\x1b")), Not(HasSubstr("|**"))));
  EXPECT_THAT(compare.file("html"), HasSubstr("events delivered</td><td>44</td><td>44</td>"));
  EXPECT_THAT(compare.file("svg"), HasSubstr("packet → return"));
}

TEST(CompareReportTest, ThePageNeedsNothingElse) {
  const CompareRun& compare = echo_in_all_forms();
  ASSERT_EQ(compare.status(), 0) << compare.err();
  // XML namespace names look like URLs but are not fetched.
  const std::string page = std::regex_replace(
      compare.file("html"), std::regex(R"( xmlns(:\w+)?="http://www\.w3\.org/[^"]*")"), "");
  EXPECT_THAT(page, AllOf(HasSubstr("</html>"), Not(HasSubstr("://")), Not(HasSubstr("src=")),
                          Not(HasSubstr("<script"))));
}

TEST(CompareReportTest, SaysWhatItLooksThrough) {
  const json report = echo_in_all_forms().json();
  for (const char* side : {"native", "xpoll"}) {
    const std::string probes = report.at(side).at("probes").dump();
    EXPECT_THAT(probes, AllOf(HasSubstr("tp_btf sys_enter"), HasSubstr("raw_tp xpoll_callback"),
                              ContainsRegex("(fentry|kprobe) ep_poll_callback")))
        << side;
  }
}

TEST(CompareReportTest, LoadsAServerAndEndsItAfterwards) {
  const CompareRun compare(
      "--json $DIR/json "
      "--load \"$BUILT/xpoll-echo-client --connect 127.0.0.1:7123 --connections 3 --messages 10\" "
      "-- \"$BUILT/xpoll-echo\" --backend native --port 7123");
  ASSERT_EQ(compare.status(), 0) << compare.err();
  const json report = compare.json();
  for (const char* side : {"native", "xpoll"}) {
    EXPECT_EQ(report.at(side).at("path").at("events"), 30) << side;
    EXPECT_GE(report.at(side).at("counts").at("events"), 30) << side;
    EXPECT_THAT(report.at(side).at("notes"), IsEmpty()) << side;
  }
  EXPECT_EQ(report.at("xpoll").at("instances").at("xpoll"), 1);
}

TEST(CompareReportTest, SaysThatACommandNeverServed) {
  EXPECT_EQ(load_on_a_forking_command().status(), 0);
  EXPECT_THAT(load_on_a_forking_command().out(),
              HasSubstr("on native epoll: the command ended before it listened"));
}

TEST(CompareReportTest, TellsTheStatusOfACommandThatFails) {
  const CompareRun compare("--json $DIR/json -- sh -c 'exit 3'");
  EXPECT_EQ(compare.status(), 3);
  EXPECT_THAT(compare.out(),
              AllOf(HasSubstr("note: on native epoll: the command ended with status 3\n"),
                    HasSubstr("note: on xpoll: the command ended with status 3\n")));
  EXPECT_EQ(compare.json().at("native").at("status"), 3);
}

TEST(CompareReportTest, SaysThatACommandDidNotUseXpoll) {
  EXPECT_THAT(load_on_a_forking_command().out(), HasSubstr("the command did NOT use xpoll"));
}

// Calls epoll_create1, without the library that xpoll-run preloads.
TEST(CompareReportTest, SaysThatACommandHadInstancesOfTheOtherKind) {
  const CompareRun compare(fmt::format(
      "-- env --unset=LD_PRELOAD perl -e 'syscall({}, 0) for 1..3'", SYS_epoll_create1));
  EXPECT_EQ(compare.status(), 0) << compare.err();
  EXPECT_THAT(compare.out(),
              AllOf(HasSubstr("note: on xpoll: 3 of the instances were native epoll's"),
                    Not(HasSubstr("note: on native"))));
}

TEST(CompareReportTest, EndsWhatACommandLeavesBehind) {
  const CompareRun& compare = load_on_a_forking_command();
  EXPECT_EQ(compare.status(), 0) << compare.err();
  const json report = compare.json();
  for (const char* side : {"native", "xpoll"})
    EXPECT_THAT(report.at(side).at("notes").dump(), HasSubstr("1 processes that the command"))
        << side;
}

// xpoll-run refuses programs that it can't preload into.
TEST(CompareReportTest, SaysThatACommandCannotRunOnXpoll) {
  const CompareRun compare("-- /bin/busybox true");
  EXPECT_EQ(compare.status(), kFailed);
  EXPECT_THAT(compare.err(), HasSubstr("can't run on xpoll"));
  EXPECT_THAT(compare.out(), AllOf(HasSubstr("note: on xpoll: the command ended with status 125"),
                                   Not(HasSubstr("note: on native"))));
}

TEST(CompareReportTest, SaysThatThereIsNoSuchCommand) {
  const CompareRun compare("-- no-such-program");
  EXPECT_EQ(compare.status(), kFailed);
  EXPECT_THAT(compare.err(), HasSubstr("no-such-program: No such file or directory"));
  EXPECT_THAT(compare.out(), IsEmpty());
}

TEST(CompareReportTest, WithoutTheModuleSaysWhatIsMissing) {
  const WithoutModule without;
  const CompareRun compare("");
  EXPECT_EQ(compare.status(), kFailed);
  EXPECT_THAT(compare.err(), HasSubstr("xpoll is not loaded"));
  EXPECT_THAT(compare.out(), IsEmpty());
}

TEST(CompareReportTest, WithoutGnuplotSaysSoBeforeItRunsAnything) {
  const EmptyPath path;
  const CompareRun compare("--html $DIR/html -- /bin/echo ran");
  EXPECT_EQ(compare.status(), kFailed);
  EXPECT_THAT(compare.err(), AllOf(HasSubstr("gnuplot: No such file"), Not(HasSubstr("ran"))));
}

}  // namespace
}  // namespace xpoll::test
