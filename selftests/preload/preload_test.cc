// SPDX-License-Identifier: GPL-2.0-only
// The library among others that are preloaded.
#include <gmock/gmock.h>

#include <cstdlib>
#include <string>

#include "command.h"

namespace xpoll_test {
namespace {

using testing::HasSubstr;

const Words kIdentity{"identity"};

class Preloaded : public testing::TestWithParam<const char*> {
 protected:
  static std::function<void()> with(const std::string& libraries) {
    return [libraries] { setenv("LD_PRELOAD", libraries.c_str(), true); };
  }
};

// Its constructor runs before ours or after it.
TEST_P(Preloaded, BesideALibraryThatUsesEpollWhenItIsLoaded) {
  const std::string early = built("preload-early.so");
  const std::string ours = built("libxpoll-preload.so");
  const std::string order = GetParam();
  const Result result = run(onXpoll({"--stats", "--"}, kIdentity),
                            with(order == "First" ? ours + ':' + early : early));
  EXPECT_THAT(result.out, HasSubstr("early: instance "));
  EXPECT_THAT(result.out, HasSubstr(", ctl 0, wait 1"));
  // xpoll-run itself comes before the program, and is not counted.
  EXPECT_THAT(result.err, testing::ContainsRegex("instances made +1\n"));
}

INSTANTIATE_TEST_SUITE_P(, Preloaded, testing::Values("First", "Last"),
                         [](const auto& info) { return std::string(info.param); });

TEST(Preload, LeavesTheProgramsNumberAsItIs) {
  Command command(onXpoll({}, kIdentity));
  const std::string pid = std::to_string(command.pid());
  EXPECT_EQ(command.wait().out, pid + '\n');
}

}  // namespace
}  // namespace xpoll_test
