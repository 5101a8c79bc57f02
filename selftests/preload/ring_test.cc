// SPDX-License-Identifier: GPL-2.0-only
// Rings of io_uring, which know native instances only: a program gets none unless it is to.
#include <gmock/gmock.h>

#include <csignal>
#include <string>

#include "command.h"

namespace xpoll_test {
namespace {

using testing::HasSubstr;

const Words kSetsUp{"sets-up-ring"};
const Words kChanges{"changes-by-ring"};

class Ring : public testing::Test {
 protected:
  void SetUp() override {
    if (run(natively(kSetsUp)).out != "ring = 0, errno untouched\n")
      GTEST_SKIP() << "a kernel without io_uring";
  }
};

TEST_F(Ring, IsRefusedAsByAKernelWithout) {
  const Result result = run(onXpoll({}, kSetsUp));
  EXPECT_EQ(result.out, "ring = -1, ENOSYS\n");
}

TEST_F(Ring, IsLetThroughIfToldSo) {
  EXPECT_EQ(run(onXpoll({"--io-uring"}, kSetsUp)).out, run(natively(kSetsUp)).out);
}

TEST_F(Ring, IsRefusedToAProgramThatIsStartedByOneThatMayHaveIt) {
  Words words = onXpoll({}, kSetsUp);
  words.insert(words.begin(), {built("xpoll-run"), "--io-uring"});
  EXPECT_EQ(run(words).out, "ring = -1, ENOSYS\n");
}

TEST_F(Ring, ThatAProgramWouldChangeItsInstanceByLeavesItRunning) {
  const Result native = run(natively(kChanges));
  EXPECT_EQ(native.status(), 0);
  EXPECT_EQ(native.out, "wait = 1, errno untouched\n");
  const Result result = run(onXpoll({"--stats"}, kChanges));
  EXPECT_EQ(result.status(), 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("wait = 1, errno untouched"));
  EXPECT_THAT(result.err, testing::ContainsRegex("events delivered +1\n"));
}

// What the next kernel work is to change; until then the man page tells of it.
TEST_F(Ring, CannotChangeAnInstance) {
  const Result result = run(onXpoll({"--io-uring"}, kChanges));
  EXPECT_EQ(result.status(), 128 + SIGABRT);
}

}  // namespace
}  // namespace xpoll_test
