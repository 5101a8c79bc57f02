// SPDX-License-Identifier: GPL-2.0-only
// xpoll-run --close-removes: a program gets no events for descriptors that it has closed, although
// a child that it forked keeps the files open.
#include <gmock/gmock.h>

#include "command.h"
#include "epoll_calls.h"

namespace xpoll::test {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

constexpr const char* kGhost = "events of the closed one = 1,";
constexpr const char* kNoGhost = "events of the closed one = 0,";

// The functions of command.h that put a program on xpoll: by the preload library and by calls.
using Way = Words (*)(const Words& options, const Words& mode);

// With parameters, as all suites that hook epoll's calls; see calls_test.cc.
class CloseRemoves : public testing::TestWithParam<Way> {
 public:
  static void SetUpTestSuite() { set_epoll_calls("auto"); }

 protected:
  static Result ghosts(const Words& options) { return run(GetParam()(options, {"ghosts"})); }
};

INSTANTIATE_TEST_SUITE_P(, CloseRemoves, testing::Values(on_xpoll, by_calls),
                         [](const auto& info) { return info.index == 0 ? "Preload" : "Calls"; });

void expect_output(const Result& result, const char* text) {
  EXPECT_EQ(result.status(), 0);
  EXPECT_THAT(result.err, IsEmpty());
  EXPECT_THAT(result.out, HasSubstr(text));
}

TEST_P(CloseRemoves, WithoutTheOptionGhostsComeAsOnNativeEpoll) {
  expect_output(run(natively({"ghosts"})), kGhost);
  expect_output(ghosts({}), kGhost);
}

TEST_P(CloseRemoves, WithItNoneComes) { expect_output(ghosts({"--close-removes"}), kNoGhost); }

TEST_P(CloseRemoves, GoesWithAPolicyAndItsGroup) {
  expect_output(ghosts({"--close-removes", "--wake", "round-robin"}), kNoGhost);
}

TEST_P(CloseRemoves, ProgramsCallsAreOtherwiseTheSame) {
  for (const char* mode : {"calls", "syscalls", "forked", "executed"})
    EXPECT_TRUE(run(GetParam()({"--close-removes"}, {mode})).out == run(natively({mode})).out)
        << mode;
}

}  // namespace
}  // namespace xpoll::test
