// SPDX-License-Identifier: GPL-2.0-only
// io_uring rings, which only work with native instances unless the kernel is hooked: with the
// preload library, a program gets none unless --io-uring allows it.
#include <gmock/gmock.h>

#include <csignal>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "command.h"
#include "tools/util/temporary_directory.h"
#include "util/requires.h"

namespace xpoll::test {
namespace {

using testing::ContainsRegex;
using testing::HasSubstr;
using testing::Not;

const Words kSetsUp{"sets-up-ring"};
const Words kChanges{"changes-by-ring"};

class Ring : public testing::Test {
 protected:
  void SetUp() override {
    XPOLL_REQUIRE(run(natively(kSetsUp)).out == "ring = 0, errno untouched\n", "io_uring");
  }
};

TEST_F(Ring, IsRefusedAsByAKernelWithout) {
  const Result result = run(on_xpoll({}, kSetsUp));
  EXPECT_EQ(result.out, "ring = -1, ENOSYS\n");
}

TEST_F(Ring, IsLetThroughIfToldSo) {
  EXPECT_EQ(run(on_xpoll({"--io-uring"}, kSetsUp)).out, run(natively(kSetsUp)).out);
}

TEST_F(Ring, IsRefusedToAProgramThatIsStartedByOneThatMayHaveIt) {
  Words words = on_xpoll({}, kSetsUp);
  words.insert(words.begin(), {built("xpoll-run"), "--preload", "--io-uring"});
  EXPECT_EQ(run(words).out, "ring = -1, ENOSYS\n");
}

TEST_F(Ring, ThatAProgramWouldChangeItsInstanceByLeavesItRunning) {
  const Result native = run(natively(kChanges));
  EXPECT_EQ(native.status(), 0);
  EXPECT_EQ(native.out, "wait = 1, errno untouched\n");
  const Result result = run(on_xpoll({"--stats"}, kChanges));
  EXPECT_EQ(result.status(), 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("wait = 1, errno untouched"));
  EXPECT_THAT(result.err, ContainsRegex("events delivered +1\n"));
}

TEST_F(Ring, ThatIsRefusedIsCounted) {
  const TemporaryDirectory directory;
  const std::string json = directory.path() / "stats.json";
  const Result result = run(on_xpoll({"--stats", "--stats-json", json}, kSetsUp));
  EXPECT_THAT(result.err, ContainsRegex("io_uring rings refused +1\n"));
  EXPECT_EQ(nlohmann::json::parse(std::ifstream(json)).at("refused_rings"), 1);
}

TEST_F(Ring, ThatIsGivenIsNotCountedAsRefused) {
  const Result result = run(on_xpoll({"--stats", "--io-uring"}, kSetsUp));
  EXPECT_THAT(result.err, HasSubstr("made no instance"));
  EXPECT_THAT(result.err, Not(HasSubstr("io_uring rings refused")));
}

// Without the module's hooks.
TEST_F(Ring, CannotChangeAnInstance) {
  const Result result = run(on_xpoll({"--io-uring"}, kChanges));
  EXPECT_EQ(result.status(), 128 + SIGABRT);
}

TEST_F(Ring, ThatMayHaveAbortedAProgramIsHintedAt) {
  const Result result = run(on_xpoll({"--io-uring", "--stats"}, kChanges));
  EXPECT_EQ(result.status(), 128 + SIGABRT);
  EXPECT_THAT(result.err, HasSubstr("aborted and had never watched anything"));
}

TEST(Hint, IsNotGivenToAProgramThatAbortedWithoutEpoll) {
  const Result result = run(on_xpoll({"--stats"}, {"dies", std::to_string(SIGABRT)}));
  EXPECT_EQ(result.status(), 128 + SIGABRT);
  EXPECT_THAT(result.err, Not(HasSubstr("aborted")));
}

// The library is needed indirectly, through another library.
TEST(RingLibrary, ThatIsNeededIsWarnedOf) {
  const Words program{built("preload-victim-ring"), "exits", "0"};
  const auto launch = [&](const Words& options) {
    return run(concatenated(concatenated({built("xpoll-run"), "--preload"}, options), program));
  };
  const Result warned = launch({});
  EXPECT_EQ(warned.status(), 0);
  EXPECT_THAT(warned.err, HasSubstr("preload-victim-ring needs liburing.so.2"));
  EXPECT_EQ(launch({"--io-uring"}).err, "");
}

}  // namespace
}  // namespace xpoll::test
