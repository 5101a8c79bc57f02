// SPDX-License-Identifier: GPL-2.0-only
// Under xpoll-run, a program prints the same for each call as on native epoll: results, errno,
// events, and descriptor numbers.
#include <gmock/gmock.h>
#include <sys/epoll.h>

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>

#include "command.h"
#include "tools/util/temporary_directory.h"
#include "util/descriptor_kinds.h"
#include "util/raw.h"

namespace xpoll::test {
namespace {

struct Mode {
  const char* name;
  std::uint64_t instances;  // number that the kernel must have counted
};

class SameAsNative : public testing::TestWithParam<Mode> {
 protected:
  nlohmann::json report() const { return nlohmann::json::parse(std::ifstream(json_)); }

  const TemporaryDirectory directory_;
  const std::string json_ = directory_.path() / "stats.json";
};

TEST_P(SameAsNative, LineByLine) {
  const Mode mode = GetParam();
  const Result native = run(natively({mode.name}));
  const Result xpoll = run(on_xpoll({"--stats-json", json_}, {mode.name}));
  ASSERT_EQ(native.status(), 0) << native.err;
  EXPECT_EQ(xpoll.status(), 0) << xpoll.err;
  EXPECT_NE(native.out, "");
  EXPECT_EQ(xpoll.out, native.out);
  EXPECT_EQ(report().at("stats").at("instances"), mode.instances);
}

INSTANTIATE_TEST_SUITE_P(, SameAsNative,
                         testing::Values(Mode{"calls", 5}, Mode{"syscalls", 6},
                                         Mode{"duplicated", 1}, Mode{"passed", 1},
                                         Mode{"forked", 2}, Mode{"vforked", 2}, Mode{"executed", 2},
                                         Mode{"wiped", 1}, Mode{"in-handler", 100},
                                         Mode{"in-threads", 200}, Mode{"cancelled", 1}),
                         [](const auto& info) {
                           std::string name = info.param.name;
                           std::erase(name, '-');
                           return name;
                         });

// The program does not use epoll, so there is nothing to count with or without xpoll-run.
TEST(OtherSystemCalls, ArePassedOn) {
  const Result native = run(natively({"other-syscalls"}));
  const Result xpoll = run(on_xpoll({}, {"other-syscalls"}));
  EXPECT_EQ(native.status(), 0) << native.err;
  EXPECT_EQ(xpoll.out, native.out);
  EXPECT_THAT(xpoll.out, testing::HasSubstr("mapped: second"));
}

// With --io-uring, since rings are descriptors too.
TEST(ForeignDescriptors, AreAnsweredByTheNativeCalls) {
  const Result native = run(natively({"foreign"}));
  const Result xpoll = run(on_xpoll({"--io-uring"}, {"foreign"}));
  EXPECT_EQ(native.status(), 0) << native.err;
  EXPECT_EQ(xpoll.out, native.out);
  std::istringstream lines(native.out);
  int made = 0;
  for (std::string line; std::getline(lines, line);) made += line.starts_with("kind ");
  EXPECT_GE(made, kFewestKinds - 1);
}

TEST(NativeInstance, ThatIsInheritedWorksOn) {
  const unique_fd native = checked_fd(epoll_create1(0), "create1");
  const Words mode{"inherited", std::to_string(native.get())};
  const Result expected = run(natively(mode));
  const Result result = run(on_xpoll({"--stats"}, mode));
  EXPECT_EQ(expected.status(), 0) << expected.err;
  EXPECT_EQ(result.out, expected.out);
  EXPECT_THAT(result.err, testing::HasSubstr("did NOT use xpoll"));
}

// The program has created none, from which the library would know that this one takes no system
// calls.
TEST(XpollInstance, ThatIsInheritedWorksByIoctl) {
  xpoll_create create{};
  const unique_fd instance =
      checked_fd(ioctl(open_device().get(), XPOLL_IOC_CREATE, &create), "XPOLL_IOC_CREATE");
  const unique_fd native = checked_fd(epoll_create1(0), "create1");
  const Result expected = run(natively({"inherited", std::to_string(native.get())}));
  const Result result = run(on_xpoll({}, {"inherited", std::to_string(instance.get())}));
  EXPECT_EQ(expected.status(), 0) << expected.err;
  EXPECT_EQ(result.out, expected.out);
}

}  // namespace
}  // namespace xpoll::test
