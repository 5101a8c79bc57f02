// SPDX-License-Identifier: GPL-2.0-only
// xpoll-run where epoll's own calls don't reach xpoll: it takes the preload library, unless it may
// not.
#include <gmock/gmock.h>

#include <string>

#include "command.h"

namespace xpoll::test {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

constexpr int kRefused = 125;
constexpr const char* kReason =
    "epoll's own system calls don't reach xpoll: the module's parameter epoll_calls is off";

const Words kCounted{"counted", "2", "1", "1"};

TEST(CallsOff, LeaveThePreloadLibrary) {
  const Result result = run(concatenated({built("xpoll-run"), "--stats"}, natively(kCounted)));
  EXPECT_EQ(result.status(), 0);
  EXPECT_THAT(result.err, HasSubstr("on xpoll, by the preload library"));
  EXPECT_THAT(result.err, testing::ContainsRegex("instances made +2\n"));
}

TEST(CallsOff, AreRefusedIfThePreloadLibraryIsNotAllowed) {
  const Result result = run(by_calls({}, {"identity"}));
  EXPECT_EQ(result.status(), kRefused);
  EXPECT_THAT(result.out, IsEmpty());
  EXPECT_THAT(result.err, HasSubstr(kReason));
}

TEST(CallsOff, FallBackToNativeEpollWithoutThePreloadLibrary) {
  const Result result = run(by_calls({"--fallback", "--stats"}, {"once"}));
  EXPECT_EQ(result.status(), 0);
  EXPECT_EQ(result.out, run(natively({"once"})).out);
  EXPECT_THAT(result.err, HasSubstr(std::string(kReason) + ". It runs on native epoll"));
  EXPECT_THAT(result.err, HasSubstr("did NOT use xpoll"));
}

TEST(CallsOff, RefuseAStaticProgramWithBothReasons) {
  const Result result = run({built("xpoll-run"), built("preload-victim-static"), "identity"});
  EXPECT_EQ(result.status(), kRefused);
  EXPECT_THAT(result.out, IsEmpty());
  EXPECT_THAT(result.err, HasSubstr("is statically linked"));
  EXPECT_THAT(result.err, HasSubstr(kReason));
}

TEST(CallsOff, AndThePreloadLibraryExcludeEachOther) {
  const Result result = run(by_calls({"--preload"}, {"identity"}));
  EXPECT_EQ(result.status(), kRefused);
  EXPECT_THAT(result.out, IsEmpty());
}

}  // namespace
}  // namespace xpoll::test
