// SPDX-License-Identifier: GPL-2.0-only
// The library together with other preloaded libraries.
#include <gmock/gmock.h>

#include <cstdlib>
#include <sstream>
#include <string>

#include "command.h"

namespace xpoll::test {
namespace {

using testing::HasSubstr;

const Words kIdentity{"identity"};

struct Place {
  const char* name;
  const char* library;
  bool first;
};

class Preloaded : public testing::TestWithParam<Place> {
 protected:
  static std::function<void()> with(const std::string& libraries) {
    return [libraries] { setenv("LD_PRELOAD", libraries.c_str(), true); };
  }
};

// Its constructor runs before or after ours.
TEST_P(Preloaded, BesideALibraryThatUsesEpollWhenItIsLoaded) {
  const std::string early = built(GetParam().library);
  const std::string ours = built("libxpoll-preload.so");
  const Result result = run(on_xpoll({"--stats", "--"}, kIdentity),
                            with(GetParam().first ? ours + ':' + early : early));
  EXPECT_THAT(result.out, HasSubstr("early: instance "));
  EXPECT_THAT(result.out, HasSubstr(", ctl 0, wait 1"));
  // xpoll-run precedes the program in the process, and is not counted.
  EXPECT_THAT(result.err, testing::ContainsRegex("instances made +1\n"));
}

constexpr const char* kUnversioned = "preload-early-unversioned.so";

INSTANTIATE_TEST_SUITE_P(, Preloaded,
                         testing::Values(Place{"First", "preload-early.so", true},
                                         Place{"Last", "preload-early.so", false},
                                         Place{"FirstWithoutVersions", kUnversioned, true},
                                         Place{"LastWithoutVersions", kUnversioned, false}),
                         [](const auto& info) { return std::string(info.param.name); });

std::size_t lines_with(const std::string& text, const std::string& part) {
  std::istringstream lines(text);
  std::size_t count = 0;
  for (std::string line; std::getline(lines, line);) count += line.find(part) != std::string::npos;
  return count;
}

// Looks up seven names each with dlsym() and dlvsym().
TEST(Preload, HasEveryNameInEveryVersionThatTheCLibraryHas) {
  constexpr std::size_t kAll = 14;
  EXPECT_EQ(lines_with(run(natively({"bindings"})).out, ": libc.so.6"), kAll);
  const Result result = run(on_xpoll({}, {"bindings"}));
  EXPECT_EQ(lines_with(result.out, ": libxpoll-preload.so"), kAll) << result.out;
}

TEST(Preload, LeavesTheProgramsNumberAsItIs) {
  Command command(on_xpoll({}, kIdentity));
  const std::string pid = std::to_string(command.pid());
  EXPECT_EQ(command.wait().out, pid + '\n');
}

}  // namespace
}  // namespace xpoll::test
