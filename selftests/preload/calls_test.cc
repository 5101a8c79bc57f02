// SPDX-License-Identifier: GPL-2.0-only
// Programs that xpoll-run brings to xpoll by epoll's own system calls: of any kind, without the
// preload library, and beside it.
#include <gmock/gmock.h>
#include <sys/epoll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "command.h"
#include "epoll_calls.h"
#include "tools/util/temporary_directory.h"
#include "tools/util/wait_until.h"

namespace xpoll::test {
namespace {

namespace fs = std::filesystem;
using testing::ContainsRegex;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr int kRefused = 125;
const Words kCounted{"counted", "3", "5", "7"};

Words launch(const Words& options, const Words& program) {
  return concatenated(concatenated({built("xpoll-run")}, options), program);
}

std::string without_dashes(std::string text) {
  std::erase(text, '-');
  return text;
}

// All suites here have parameters: GoogleTest runs those after the others, in the order in which
// their files are linked. So what is tested without the hooks has been tested before.
class Hooked : public testing::Test {
 public:
  static void SetUpTestSuite() { set_epoll_calls("auto"); }

 protected:
  std::string path(const std::string& name) const { return directory_.path() / name; }

  nlohmann::json report(const std::string& name = "stats.json") const {
    return nlohmann::json::parse(std::ifstream(path(name)));
  }

  const TemporaryDirectory directory_;
  const std::string json_ = path("stats.json");
};

// Call by call as natively, for a program that is linked in one way and comes to xpoll in one.
struct Transcript {
  const char* program;
  const char* way;
  const char* mode;
  std::uint64_t instances;  // that the kernel must have counted
};

class SameByCalls : public Hooked, public testing::WithParamInterface<Transcript> {};

TEST_P(SameByCalls, LineByLine) {
  const Transcript& transcript = GetParam();
  const std::string way = transcript.way;
  const Words program{built(transcript.program), transcript.mode};
  const Result native = run(program);
  const Result xpoll = run(launch({"--" + way, "--stats-json", json_}, program));
  ASSERT_EQ(native.status(), 0) << native.err;
  EXPECT_EQ(xpoll.status(), 0) << xpoll.err;
  EXPECT_NE(native.out, "");
  EXPECT_EQ(xpoll.out, native.out);
  EXPECT_THAT(xpoll.err, IsEmpty());
  EXPECT_EQ(report().at("stats").at("instances"), transcript.instances);
  EXPECT_EQ(report().at("way"), way);
}

constexpr const char* kDynamic = "preload-victim";
constexpr const char* kStatic = "preload-victim-static";
constexpr const char* k32Bit = "preload-victim32";
constexpr const char* kCalls = "calls";
constexpr const char* kPreload = "preload";

INSTANTIATE_TEST_SUITE_P(
    , SameByCalls,
    testing::Values(
        Transcript{kDynamic, kCalls, "calls", 5}, Transcript{kDynamic, kCalls, "syscalls", 6},
        Transcript{kDynamic, kCalls, "bindings", 0}, Transcript{kDynamic, kCalls, "passed", 1},
        Transcript{kDynamic, kCalls, "wiped", 1}, Transcript{kDynamic, kCalls, "in-handler", 100},
        Transcript{kDynamic, kCalls, "cancelled", 1}, Transcript{kStatic, kCalls, "calls", 5},
        Transcript{kStatic, kCalls, "forked", 2}, Transcript{kStatic, kCalls, "executed", 2},
        Transcript{kStatic, kCalls, "in-threads", 200}, Transcript{k32Bit, kCalls, "all", 1},
        // The preload library makes epoll's own calls then.
        Transcript{kDynamic, kPreload, "calls", 5}, Transcript{kDynamic, kPreload, "syscalls", 6},
        Transcript{kDynamic, kPreload, "passed", 1},
        Transcript{kDynamic, kPreload, "cancelled", 1}),
    [](const auto& info) {
      const Transcript& transcript = info.param;
      return without_dashes(transcript.program) + '_' + transcript.way + '_' +
             without_dashes(transcript.mode);
    });

// A program of one kind, by its name.
class Calls : public Hooked, public testing::WithParamInterface<const char*> {
 protected:
  static Words victim(const Words& mode) { return concatenated({built(GetParam())}, mode); }

  // The counts of a program that ended well.
  nlohmann::json counted(const Words& program) const {
    const Result result = run(launch({"--calls", "--stats-json", json_}, program));
    EXPECT_EQ(result.status(), 0) << result.err;
    return report().at("stats");
  }
};

TEST_P(Calls, AreTakenUnasked) {
  const Result result = run(launch({"--stats"}, victim(kCounted)));
  EXPECT_THAT(result.err,
              HasSubstr(" on xpoll, by epoll's own system calls; the kernel counted:\n"));
  EXPECT_THAT(result.err, ContainsRegex("instances made +3\n"));
  EXPECT_THAT(result.err, ContainsRegex("watches added +15\n"));
  EXPECT_THAT(result.err, ContainsRegex("events delivered +21\n"));
}

TEST_P(Calls, ByRingChangeAnInstance) {
  const Words program = victim({"changes-by-ring"});
  const Result native = run(program);
  const Result xpoll = run(launch({"--calls", "--stats-json", json_}, program));
  EXPECT_EQ(xpoll.status(), 0) << xpoll.err;
  EXPECT_EQ(xpoll.out, native.out);
  EXPECT_EQ(report().at("stats").at("watches"), 1);
  EXPECT_EQ(report().at("stats").at("events"), 1);
  EXPECT_EQ(run(launch({}, victim({"sets-up-ring"}))).out, run(victim({"sets-up-ring"})).out);
}

TEST_P(Calls, OnAnInheritedNativeInstanceStayNative) {
  const unique_fd native = checked_fd(epoll_create1(0), "create1");
  const Words program = victim({"inherited", std::to_string(native.get())});
  const Result expected = run(program);
  const Result result = run(launch({"--calls", "--stats"}, program));
  EXPECT_EQ(expected.status(), 0) << expected.err;
  EXPECT_EQ(result.out, expected.out);
  EXPECT_THAT(result.err, HasSubstr("did NOT use xpoll"));
}

TEST_P(Calls, OfAProgramThatGivesItsPrivilegeUpAreCounted) {
  const auto stats = counted(victim({"counted-unprivileged", "3", "5", "7"}));
  EXPECT_EQ(stats.at("instances"), 3);
  EXPECT_EQ(stats.at("watches"), 15);
}

// A set-user-ID program, which xpoll-run itself refuses.
TEST_P(Calls, OfAProgramThatGainsPrivilegeAreNative) {
  constexpr uid_t kSomebody = 1;
  const std::string program = path("set-user");
  fs::copy_file(built(GetParam()), program);
  ASSERT_EQ(chown(program.c_str(), kSomebody, 0), 0);
  ASSERT_EQ(chmod(program.c_str(), 04755), 0);
  ASSERT_EQ(chmod(directory_.path().c_str(), 0755), 0);
  const Result refused = run(launch({}, {program, "once"}));
  EXPECT_EQ(refused.status(), kRefused);
  EXPECT_THAT(refused.err, HasSubstr("is set-user-ID: a program that gains privilege starts on "));
  const Result started = run(launch({"--calls", "--stats"}, {"/bin/sh", "-c", program + " once"}));
  EXPECT_EQ(started.status(), 0);
  EXPECT_EQ(started.out, run(victim({"once"})).out);
  EXPECT_THAT(started.err, HasSubstr("made no instance"));
}

TEST_P(Calls, ReachXpollWithoutADevice) {
  const std::string script = "mv /dev/xpoll /dev/xpoll.away; " + built(GetParam()) +
                             " counted 2 1 1; status=$?; mv /dev/xpoll.away /dev/xpoll; exit "
                             "$status";
  EXPECT_EQ(counted({"/bin/sh", "-c", script}).at("instances"), 2);
}

// Of three workers the first has two watches more than the last. They are asked to take four
// connections.
class WakeByCalls : public Calls {
 protected:
  static std::string takers(const std::string& policy, const std::string& mode) {
    const Words program = victim({mode, "4", "2", "1", "0"});
    const Result result = run(launch({"--calls", "--wake", policy}, program));
    EXPECT_EQ(result.status(), 0) << result.err;
    return result.out;
  }
};

TEST_P(WakeByCalls, ChoosesAmongTheWorkersOfAProgram) {
  EXPECT_EQ(takers("native", "workers"), "0\n0\n0\n0\n");
  EXPECT_EQ(takers("round-robin", "workers"), "0\n1\n2\n0\n");
  EXPECT_EQ(takers("least-loaded", "workers"), "2\n1\n2\n0\n");
  EXPECT_EQ(takers("bpf:" + built("preload-choosers/last.bpf.o"), "workers-unprivileged"),
            "2\n2\n2\n2\n");
}

// The policy needs no descriptor that the program could close.
TEST_P(WakeByCalls, LastsInAProgramThatClosesAllDescriptors) {
  EXPECT_EQ(takers("round-robin", "workers-closing"), "0\n1\n2\n0\n");
}

TEST_P(WakeByCalls, LastsInADaemon) {
  const Words daemon = victim({"workers-daemon", "4", "2", "1", "0"});
  Command command(launch({"--calls", "--wake", "round-robin"}, daemon));
  wait_until("xpoll-run's end", [&] { return command.has_ended(); });
  command.close_input();
  EXPECT_EQ(command.wait().out, "0\n1\n2\n0\n");
}

std::string linkage(const testing::TestParamInfo<const char*>& info) {
  return info.param == std::string(kStatic) ? "Static" : "Dynamic";
}

INSTANTIATE_TEST_SUITE_P(, Calls, testing::Values(kDynamic, kStatic), linkage);
INSTANTIATE_TEST_SUITE_P(, WakeByCalls, testing::Values(kDynamic, kStatic), linkage);

// One xpoll-run starts another one: each instance is counted once, by the inner one if it counts.
struct Ways {
  const char* outer;
  const char* inner;
};

class Nested : public Hooked, public testing::WithParamInterface<Ways> {
 protected:
  // The instances of a program below both, as each of them counts; the inner one if it is to.
  std::uint64_t counted_by_outer(const Words& inner_options) const {
    const Words inner = launch(inner_options, natively(kCounted));
    const Result result = run(launch({GetParam().outer, "--stats-json", path("outer")}, inner));
    EXPECT_EQ(result.status(), 0) << result.err;
    return instances("outer");
  }

  std::uint64_t instances(const std::string& name) const {
    return report(name).at("stats").at("instances").get<std::uint64_t>();
  }
};

TEST_P(Nested, InnerOneThatCountsHasTheInstances) {
  EXPECT_EQ(counted_by_outer({GetParam().inner, "--stats-json", path("inner")}), 0U);
  EXPECT_EQ(instances("inner"), 3U);
}

TEST_P(Nested, OuterOneHasTheInstancesIfTheInnerDoesNotCount) {
  EXPECT_EQ(counted_by_outer({GetParam().inner}), 3U);
}

INSTANTIATE_TEST_SUITE_P(, Nested,
                         testing::Values(Ways{"--calls", "--calls"}, Ways{"--calls", "--preload"},
                                         Ways{"--preload", "--calls"}),
                         [](const auto& info) {
                           return without_dashes(info.param.outer) + '_' +
                                  without_dashes(info.param.inner);
                         });

// The programs' environment and descriptors are no business of this way's.
class Traceless : public Hooked, public testing::WithParamInterface<Words> {};

TEST_P(Traceless, ProgramsSeeWhatTheySeeNatively) {
  EXPECT_EQ(run(launch({"--calls", "--wake", "round-robin"}, GetParam())).out, run(GetParam()).out);
}

INSTANTIATE_TEST_SUITE_P(, Traceless,
                         testing::Values(Words{"/usr/bin/env"}, Words{"/bin/ls", "/proc/self/fd"}),
                         [](const auto& info) {
                           return std::string(info.index == 0 ? "Environment" : "Descriptors");
                         });

}  // namespace
}  // namespace xpoll::test
