// SPDX-License-Identifier: MIT
// A process that lets epoll_create(2) create instances of xpoll. Its tests come after those of the
// poller: once a process has opted in, instances take epoll's own system calls until the module is
// unloaded, and the library makes these.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <iterator>
#include <optional>
#include <xpoll/xpoll.hpp>

#include "has_module.hpp"

namespace {

using xpoll::unique_fd;
namespace process = xpoll::process;

bool is_instance(const unique_fd& fd) {
  struct xpoll_stats stats {};
  return ioctl(fd.get(), XPOLL_IOC_STATS, &stats) == 0;
}

// Past the library, which does not learn of it.
void set_process(std::uint32_t mode) {
  const unique_fd device(open("/dev/xpoll", O_RDWR | O_CLOEXEC));
  struct xpoll_process wanted {};
  wanted.mode = mode;
  ASSERT_GE(ioctl(device.get(), XPOLL_IOC_PROCESS, &wanted), 0);
}

// Room for so many more descriptors, as long as this lives.
class Room {
 public:
  explicit Room(rlim_t descriptors) {
    getrlimit(RLIMIT_NOFILE, &before_);
    const unique_fd lowest(dup(STDERR_FILENO));
    const rlimit limit{.rlim_cur = static_cast<rlim_t>(lowest.get()) + descriptors,
                       .rlim_max = before_.rlim_max};
    setrlimit(RLIMIT_NOFILE, &limit);
  }
  Room(const Room&) = delete;
  Room& operator=(const Room&) = delete;
  ~Room() { setrlimit(RLIMIT_NOFILE, &before_); }

 private:
  rlimit before_{};
};

// An ioctl kills the process from now on: the library would get over one that only failed.
void forbid_ioctl() {
  sock_filter filter[] = {
      {BPF_LD | BPF_W | BPF_ABS, 0, 0, offsetof(seccomp_data, nr)},
      {BPF_JMP | BPF_JEQ | BPF_K, 0, 1, SYS_ioctl},
      {BPF_RET | BPF_K, 0, 0, SECCOMP_RET_KILL_PROCESS},
      {BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW},
  };
  const sock_fprog program{std::size(filter), filter};
  ASSERT_EQ(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), 0);
  ASSERT_EQ(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program), 0);
}

// Whether body succeeds, in a child process.
bool in_child(const std::function<bool()>& body) {
  const pid_t child = fork();
  if (child == 0) _exit(body() && !testing::Test::HasFailure() ? 0 : 1);
  int status = -1;
  waitpid(child, &status, 0);
  return status == 0;
}

bool delivers(const unique_fd& epfd) {
  const unique_fd counter(eventfd(1, EFD_CLOEXEC));
  epoll_event event{.events = EPOLLIN, .data = {.u64 = 42}};
  const timespec now{};
  errno = ERANGE;
  return xpoll_ctl(epfd.get(), EPOLL_CTL_ADD, counter.get(), &event) == 0 &&
         xpoll_wait(epfd.get(), &event, 1, -1) == 1 &&
         xpoll_pwait(epfd.get(), &event, 1, -1, nullptr) == 1 &&
         xpoll_pwait2(epfd.get(), &event, 1, &now, nullptr) == 1 &&
         xpoll_pwait_ns(epfd.get(), &event, 1, 0, 0, nullptr) == 1 &&
         xpoll_pwait_ns(epfd.get(), &event, 1, -1, XPOLL_WAIT_ABSTIME, nullptr) == 1 &&
         errno == ERANGE && event.data.u64 == 42;
}

class Process : public testing::Test {
 protected:
  void SetUp() override {
    if (!has_module()) GTEST_SKIP() << "there is no module";
  }
  void TearDown() override { xpoll_process(XPOLL_PROCESS_NATIVE); }
};

TEST_F(Process, IsNativeAtFirstAndWhatWasSetLast) {
  EXPECT_FALSE(process::opted_in());
  EXPECT_FALSE(process::opt_in());
  EXPECT_TRUE(process::opted_in());
  EXPECT_TRUE(process::opt_in());
  EXPECT_TRUE(process::opt_out());
  EXPECT_FALSE(process::opt_out());
  EXPECT_FALSE(process::opted_in());
}

TEST_F(Process, RefusesAnUnknownMode) {
  EXPECT_EQ(xpoll_process(3), -1);
  EXPECT_EQ(errno, EINVAL);
}

TEST_F(Process, ThatOptedInCreatesInstancesByEpollCreate) {
  process::opt_in();
  EXPECT_TRUE(is_instance(unique_fd(epoll_create1(EPOLL_CLOEXEC))));
  EXPECT_TRUE(in_child([] { return is_instance(unique_fd(epoll_create(1))); }));
  process::opt_out();
  EXPECT_FALSE(is_instance(unique_fd(epoll_create1(EPOLL_CLOEXEC))));
}

TEST_F(Process, ThatOptedInNeedsRoomForOneDescriptorToCreate) {
  process::opt_in();
  const Room room(1);
  const unique_fd created(xpoll_create1(EPOLL_CLOEXEC));
  EXPECT_TRUE(is_instance(created));
  EXPECT_EQ(xpoll_create1(0), -1);
  EXPECT_EQ(errno, EMFILE);
}

TEST_F(Process, ThatOptedInHasTheFlagsThatItAskedFor) {
  process::opt_in();
  EXPECT_EQ(fcntl(unique_fd(xpoll_create1(0)).get(), F_GETFD), 0);
  EXPECT_EQ(fcntl(unique_fd(xpoll_create1(EPOLL_CLOEXEC)).get(), F_GETFD), FD_CLOEXEC);
}

// As after the module was loaded anew, which opts all processes out.
TEST_F(Process, ThatIsOptedOutBehindTheLibraryStillCreatesAnInstance) {
  process::opt_in();
  set_process(XPOLL_PROCESS_NATIVE);
  EXPECT_TRUE(is_instance(unique_fd(xpoll_create1(EPOLL_CLOEXEC))));
  EXPECT_TRUE(is_instance(unique_fd(xpoll_create1(EPOLL_CLOEXEC))));
}

// In a sandbox, opted in by the process that started this one.
TEST_F(Process, CreatesWithoutADeviceAndLeavesErrnoAlone) {
  EXPECT_TRUE(in_child([] {
    set_process(XPOLL_PROCESS_XPOLL);
    if (chroot("/proc") != 0) return false;
    errno = ERANGE;
    const unique_fd created(xpoll_create1(EPOLL_CLOEXEC));
    return errno == ERANGE && is_instance(created);
  }));
}

TEST_F(Process, JoinsItsGroupEvenWhenTheGroupsDescriptorIsClosed) {
  std::optional<xpoll::group> group(xpoll::group::create(xpoll::wake_policy::round_robin()));
  process::opt_in(*group);
  const unique_fd instance(epoll_create1(EPOLL_CLOEXEC));
  struct xpoll_stats stats {};
  ASSERT_EQ(ioctl(group->fd(), XPOLL_IOC_STATS, &stats), 0);
  EXPECT_EQ(stats.instances, 1U);
  group.reset();
  // It has a table of workers because its group has a policy.
  EXPECT_NO_THROW((void)xpoll::poller::adopt(epoll_create1(EPOLL_CLOEXEC)).workers());
}

TEST_F(Process, CallsInstancesByEpollsOwnSystemCalls) {
  process::opt_in();
  const unique_fd created(xpoll_create1(EPOLL_CLOEXEC));
  EXPECT_TRUE(delivers(created));
  EXPECT_TRUE(in_child([&] {
    forbid_ioctl();
    return delivers(created);
  }));
}

// One by the device, in a process that did not opt in.
TEST_F(Process, CallsAllInstancesSoOnceAnyProcessOptedIn) {
  ASSERT_TRUE(in_child([] {
    process::opt_in();
    return true;
  }));
  const unique_fd created(xpoll_create1(EPOLL_CLOEXEC));
  EXPECT_TRUE(is_instance(created));
  EXPECT_TRUE(in_child([&] {
    forbid_ioctl();
    return delivers(created);
  }));
}

TEST_F(Process, AnswersOnInstancesAsNativeEpoll) {
  process::opt_in();
  const unique_fd instance(xpoll_create1(EPOLL_CLOEXEC));
  epoll_event event{};
  for (const int op : {0, EPOLL_CTL_MOD, EPOLL_CTL_DEL, 99}) {
    errno = 0;
    EXPECT_EQ(xpoll_ctl(instance.get(), op, instance.get(), &event), -1) << op;
    EXPECT_EQ(errno, EINVAL) << op;
  }
  EXPECT_EQ(xpoll_ctl(instance.get(), EPOLL_CTL_DEL, -1, nullptr), -1);
  EXPECT_EQ(errno, EBADF);
  EXPECT_EQ(xpoll_wait(instance.get(), &event, 0, -1), -1);
  EXPECT_EQ(errno, EINVAL);
  const unique_fd counter(eventfd(1, EFD_CLOEXEC));
  ASSERT_EQ(xpoll_ctl(instance.get(), EPOLL_CTL_ADD, counter.get(), &event), 0);
  event.events = EPOLLIN;
  ASSERT_EQ(xpoll_ctl(instance.get(), EPOLL_CTL_MOD, counter.get(), &event), 0);
  EXPECT_EQ(xpoll_wait(instance.get(), reinterpret_cast<epoll_event*>(1), 1, -1), -1);
  EXPECT_EQ(errno, EFAULT);
}

// The device takes the lowest free number, which may be what a function returns.
TEST(Device, IsClosedWhateverItsNumberIs) {
  EXPECT_TRUE(in_child([] {
    for (const int number : {0, 1}) {
      close(number);
      struct xpoll_features features {};
      xpoll_features(&features);
      xpoll_process(XPOLL_PROCESS_ASK);
      if (fcntl(number, F_GETFD) >= 0) return false;
      open("/dev/null", O_RDWR);
    }
    return true;
  }));
}

}  // namespace
