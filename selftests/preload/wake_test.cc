// SPDX-License-Identifier: GPL-2.0-only
// xpoll-run --wake: which worker is woken for a connection.
#include <gmock/gmock.h>
#include <unistd.h>

#include <string>
#include <vector>

#include "command.h"
#include "tools/util/wait_until.h"

namespace xpoll::test {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

constexpr int kRefused = 125;

// Four connections for three workers. The first worker has two watches more than the last one.
const Words kUnequal{"workers", "4", "2", "1", "0"};
constexpr const char* kAlwaysTheFirst = "0\n0\n0\n0\n";
constexpr const char* kInTurn = "0\n1\n2\n0\n";
constexpr const char* kByWatches = "2\n1\n2\n0\n";

std::string chooser(const std::string& name) {
  return "bpf:" + built("preload-choosers/" + name + ".bpf.o");
}

// The numbers of the workers that took the connections, one per line.
std::string takers(const std::string& policy, const Words& mode = kUnequal) {
  const Result result = run(on_xpoll({"--wake", policy}, mode));
  EXPECT_EQ(result.status(), 0);
  EXPECT_THAT(result.err, IsEmpty());
  return result.out;
}

TEST(Wake, NativeTakesTheFirstWorkerAsWithoutXpollRun) {
  EXPECT_EQ(run(natively(kUnequal)).out, kAlwaysTheFirst);
  EXPECT_EQ(run(on_xpoll({}, kUnequal)).out, kAlwaysTheFirst);
  EXPECT_EQ(takers("native"), kAlwaysTheFirst);
}

TEST(Wake, RoundRobinTakesEachWorkerInTurn) {
  EXPECT_EQ(takers("round-robin"), kInTurn);
  EXPECT_EQ(takers("round-robin", {"workers", "8", "0", "0", "0", "0", "0", "0", "0", "0"}),
            "0\n1\n2\n3\n4\n5\n6\n7\n");
}

TEST(Wake, LeastLoadedTakesTheWorkerWithTheFewestWatches) {
  EXPECT_EQ(takers("least-loaded"), kByWatches);
}

TEST(Wake, ProgramOfAnObjectFileChooses) { EXPECT_EQ(takers(chooser("last")), "2\n2\n2\n2\n"); }

TEST(Wake, NameAloneIsAnExample) {
  EXPECT_EQ(takers("bpf:least_loaded"), kByWatches);
  // A listening socket belongs to no flow.
  EXPECT_EQ(takers("bpf:sticky"), kInTurn);
}

TEST(Wake, WorkersMayGiveTheirPrivilegeUp) {
  const Words mode{"workers-unprivileged", "4", "2", "1", "0"};
  EXPECT_EQ(takers(chooser("last"), mode), "2\n2\n2\n2\n");
}

TEST(Wake, DescriptorsHaveTheNumbersThatTheyHaveNatively) {
  EXPECT_EQ(run(on_xpoll({"--wake", "round-robin"}, {"calls"})).out, run(natively({"calls"})).out);
}

class WakeOfDaemon : public testing::TestWithParam<Words> {};

INSTANTIATE_TEST_SUITE_P(, WakeOfDaemon,
                         testing::Values(Words{"--wake", "round-robin"},
                                         Words{"--stats", "--wake", "round-robin"}),
                         [](const auto& info) {
                           return std::string(info.param.size() == 2 ? "Replaced" : "Supervised");
                         });

TEST_P(WakeOfDaemon, LastsWhenXpollRunHasEnded) {
  Command command(on_xpoll(GetParam(), {"workers-daemon", "4", "2", "1", "0"}));
  wait_until("xpoll-run's end", [&] { return command.has_ended(); });
  command.close_input();
  EXPECT_EQ(command.wait().out, kInTurn);
}

TEST(Wake, IsLostByAProgramThatClosesAllDescriptorsUnlessXpollRunStays) {
  const Words mode{"workers-closing", "4", "2", "1", "0"};
  EXPECT_EQ(takers("round-robin", mode), kAlwaysTheFirst);
  EXPECT_EQ(run(on_xpoll({"--stats", "--wake", "round-robin"}, mode)).out, kInTurn);
}

class WakeRefusal : public testing::Test {
 protected:
  static Result refused(const std::string& policy, const std::function<void()>& prepare = {}) {
    Result result = run(on_xpoll({"--wake", policy}, {"identity"}), prepare);
    EXPECT_EQ(result.status(), kRefused) << policy;
    EXPECT_THAT(result.out, IsEmpty()) << policy;
    return result;
  }
};

TEST_F(WakeRefusal, OfAnUnknownPolicy) {
  for (const std::string policy : {"fair", "", "bpf:", "Native", "bpf"})
    EXPECT_EQ(refused(policy).err,
              "xpoll-run: --wake takes native, round-robin, least-loaded or bpf:OBJECT, not '" +
                  policy + "'\n");
}

TEST_F(WakeRefusal, OfAnObjectThatIsNotThere) {
  EXPECT_EQ(refused("bpf:/no/such.bpf.o").err,
            "xpoll-run: can't read /no/such.bpf.o: No such file or directory\n");
  EXPECT_THAT(refused("bpf:no_such_example").err,
              testing::MatchesRegex("xpoll-run: wake/no_such_example.bpf.o is neither in .*\n"));
}

TEST_F(WakeRefusal, OfAFileThatIsNoObject) {
  EXPECT_THAT(refused("bpf:/etc/passwd").err,
              testing::MatchesRegex("xpoll-run: can't read /etc/passwd: .*format invalid\n"));
}

TEST_F(WakeRefusal, OfAnObjectWithNoProgramOrTwo) {
  EXPECT_THAT(refused(chooser("none")).err,
              HasSubstr("none.bpf.o has 0 programs of type raw tracepoint (SEC(\"raw_tp\")), not "
                        "one\n"));
  EXPECT_THAT(refused(chooser("two")).err, HasSubstr("two.bpf.o has 2 programs of type raw"));
}

TEST_F(WakeRefusal, OfAProgramThatTheVerifierRefusesShowsItsLog) {
  const Result result = refused(chooser("refused"));
  EXPECT_THAT(result.err, testing::ContainsRegex("can't load .*refused.bpf.o: "));
  EXPECT_THAT(result.err, HasSubstr("invalid bpf_context access"));
}

TEST_F(WakeRefusal, OfAProgramThatTheUserMayNotLoadIsOneLine) {
  const Result result = refused(chooser("last"), [] {
    constexpr uid_t kNobody = 65534;
    checked(setuid(kNobody), "setuid");
  });
  EXPECT_THAT(result.err, testing::MatchesRegex(
                              "xpoll-run: no permission to load [^\n]*last.bpf.o: run as root, "
                              "or give this program CAP_BPF and CAP_PERFMON [^\n]*\n"));
}

}  // namespace
}  // namespace xpoll::test
