// SPDX-License-Identifier: GPL-2.0-only
// Without a usable /dev/xpoll: xpoll-run reports it, the program fails later, or the program runs
// on native epoll with --fallback.
#include <gmock/gmock.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <iterator>
#include <string>

#include "command.h"

namespace xpoll::test {
namespace {

using testing::HasSubstr;

constexpr int kRefused = 125;
constexpr const char* kDevice = "/dev/xpoll";
constexpr const char* kAway = "/dev/xpoll.away";

const Words kOnce{"once"};

// Removes the device node while it lives.
class DeviceAway {
 public:
  DeviceAway() { checked(std::rename(kDevice, kAway), "rename"); }
  DeviceAway(const DeviceAway&) = delete;
  DeviceAway& operator=(const DeviceAway&) = delete;
  ~DeviceAway() { std::rename(kAway, kDevice); }
};

// Replaces the device node by another file.
class DeviceReplaced : public DeviceAway {
 public:
  explicit DeviceReplaced(const char* other) { checked(symlink(other, kDevice), "symlink"); }
  ~DeviceReplaced() { unlink(kDevice); }
};

// Sets the environment as xpoll-run does, but without its checks.
std::function<void()> preloaded(bool fallback) {
  return [fallback] {
    setenv("LD_PRELOAD", built("libxpoll-preload.so").c_str(), true);
    if (fallback) setenv("XPOLL_FALLBACK", "1", true);
  };
}

TEST(MissingDevice, IsRefusedWithTheReason) {
  const DeviceAway away;
  const Result result = run(on_xpoll({}, kOnce));
  EXPECT_EQ(result.status(), kRefused);
  EXPECT_EQ(result.out, "");
  EXPECT_THAT(result.err, HasSubstr("the module xpoll is loaded, but there is no /dev/xpoll"));
}

TEST(MissingDevice, IsGotOverByFallback) {
  const std::string expected = run(natively(kOnce)).out;
  const DeviceAway away;
  const Result result = run(on_xpoll({"--fallback", "--stats"}, kOnce));
  EXPECT_EQ(result.status(), 0);
  EXPECT_EQ(result.out, expected);
  EXPECT_THAT(result.err, HasSubstr("Falling back to native epoll"));
  EXPECT_THAT(result.err, HasSubstr("did NOT use xpoll"));
}

TEST(MissingDevice, LeavesFallbackWithoutAWakePolicy) {
  const std::string expected = run(natively(kOnce)).out;
  const DeviceAway away;
  const Result result = run(on_xpoll({"--fallback", "--wake", "round-robin"}, kOnce));
  EXPECT_EQ(result.status(), 0);
  EXPECT_EQ(result.out, expected);
  EXPECT_THAT(result.err, HasSubstr("Falling back to native epoll"));
}

TEST(MissingDevice, FailsTheProgramsCreationWithTheReason) {
  const DeviceAway away;
  const Result result = run(natively({"exits", "0"}), preloaded(false));
  EXPECT_EQ(result.status(), 0) << result.err;
  EXPECT_THAT(run(natively(kOnce), preloaded(false)).err, HasSubstr("No such file or directory"));
}

TEST(MissingDevice, LeavesErrnoOfFailedCreationToNativeEpoll) {
  const std::string expected = run(natively({"calls"})).out;
  const DeviceAway away;
  const Result result = run(natively({"calls"}), preloaded(true));
  EXPECT_EQ(result.status(), 0) << result.err;
  EXPECT_EQ(result.out, expected);
}

// Has a system call fail with the error, in this process and its children.
void deny(long call, int error) {
  const sock_filter filter[] = {
      {BPF_LD | BPF_W | BPF_ABS, 0, 0, offsetof(seccomp_data, nr)},
      {BPF_JMP | BPF_JEQ | BPF_K, 0, 1, static_cast<__u32>(call)},
      {BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ERRNO | static_cast<__u32>(error)},
      {BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW},
  };
  const sock_fprog program{std::size(filter), const_cast<sock_filter*>(filter)};
  checked(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program), "seccomp");
}

TEST(DeniedIoctl, IsGotOverByFallback) {
  const std::string expected = run(natively(kOnce)).out;
  for (const int error : {EPERM, EACCES, ENOSYS}) {
    const Result result = run(on_xpoll({"--fallback"}, kOnce), [error] { deny(SYS_ioctl, error); });
    EXPECT_EQ(result.status(), 0);
    EXPECT_EQ(result.out, expected);
    EXPECT_THAT(result.err, HasSubstr("Falling back to native epoll"));
  }
}

TEST(WrongDevice, IsRefusedWithTheReason) {
  const DeviceReplaced other("/dev/null");
  const Result result = run(on_xpoll({}, kOnce));
  EXPECT_EQ(result.status(), kRefused);
  EXPECT_THAT(result.err, HasSubstr("/dev/xpoll is not xpoll's"));
}

TEST(WrongDevice, IsGotOverByFallback) {
  const std::string expected = run(natively(kOnce)).out;
  const DeviceReplaced other("/dev/null");
  EXPECT_EQ(run(natively(kOnce), preloaded(true)).out, expected);
}

TEST(ClosedDevice, IsRefusedWithTheReason) {
  constexpr uid_t kNobody = 65534;
  ASSERT_EQ(chmod(kDevice, 0600), 0);
  const Result result = run(on_xpoll({}, kOnce), [] { checked(setuid(kNobody), "setuid"); });
  ASSERT_EQ(chmod(kDevice, 0666), 0);
  EXPECT_EQ(result.status(), kRefused);
  EXPECT_THAT(result.err, HasSubstr("/dev/xpoll may not be opened: chmod 0666"));
}

// A daemon that outlives xpoll-run creates instances in a group that no longer exists.
TEST(GoneGroup, IsNoReasonToFail) {
  const std::string expected = run(natively(kOnce)).out;
  const Result result = run(natively(kOnce), [] {
    preloaded(false)();
    setenv("XPOLL_GROUP", "2147483647", true);
  });
  EXPECT_EQ(result.status(), 0) << result.err;
  EXPECT_EQ(result.out, expected);
}

TEST(GoneGroup, LeavesTheProgramOnXpoll) {
  const std::string expected = run(natively(kOnce)).out;
  const Result result = run(natively(kOnce), [] {
    preloaded(false)();
    setenv("XPOLL_GROUP", "2147483647", true);
    deny(SYS_epoll_create1, ENOSYS);
  });
  EXPECT_EQ(result.status(), 0) << result.err;
  EXPECT_EQ(result.out, expected);
}

// Native epoll would lack it, too.
TEST(DeniedIoctl, ForWantOfMemoryIsNotGotOver) {
  const Result result = run(natively(kOnce), [] {
    preloaded(true)();
    deny(SYS_ioctl, ENOMEM);
  });
  EXPECT_NE(result.status(), 0);
  EXPECT_THAT(result.err, HasSubstr("Cannot allocate memory"));
}

}  // namespace
}  // namespace xpoll::test
