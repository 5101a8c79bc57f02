// SPDX-License-Identifier: GPL-2.0-only
// Calls and mappings for wake policies: arguments, privileges, and the table of workers.
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/capability.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "tools/util/bpf_program.h"
#include "tools/util/checked.h"
#include "tools/util/descriptors.h"
#include "util/executable.h"
#include "util/matchers.h"
#include "util/process.h"
#include "util/raw.h"
#include "util/wake_instances.h"
#include "util/wake_waiters.h"
#include "util/worker_table.h"

namespace xpoll::test {
namespace {

constexpr uid_t kStranger = 1000;

// Arguments that return EINVAL.
std::vector<xpoll_wake> bad_arguments() {
  const xpoll_wake good{
      .policy = XPOLL_WAKE_NATIVE, .prog_fd = 0, .heartbeat_ns = 0, .reserved = {}};
  std::vector<xpoll_wake> bad(5, good);
  bad[0].policy = XPOLL_WAKE_BPF + 1;
  bad[1].policy = ~0U;
  bad[2].prog_fd = 1;
  bad[3].reserved[0] = 1;
  bad[4].reserved[1] = 1;
  return bad;
}

// A mapping of the table, unmapped by the destructor. The address is null if it failed.
class Mapping {
 public:
  Mapping(int fd, int protection, int flags = MAP_SHARED, void* where = nullptr,
          std::size_t size = WorkerTable::size(), off_t offset = 0)
      : size_(size), at_(mmap(where, size, protection, flags, fd, offset)) {}
  Mapping(const Mapping&) = delete;
  Mapping& operator=(const Mapping&) = delete;
  ~Mapping() {
    if (at_ != MAP_FAILED) munmap(at_, size_);
  }

  // Like a system call's result.
  int result() const { return at_ == MAP_FAILED ? -1 : 0; }
  void* at() const { return at_; }
  const xpoll_worker& first() const { return *static_cast<const xpoll_worker*>(at_); }

 private:
  std::size_t size_;
  void* at_;
};

class WakeAbiTest : public WakePolicyTest {
 protected:
  unique_fd ep_ = backend_.instance();
  unique_fd device_ = open_device();
};

TEST_F(WakeAbiTest, BadArgumentsAreEinvalAndMakeNoPolicy) {
  for (const int fd : {ep_.get(), device_.get()}) {
    for (const xpoll_wake& wake : bad_arguments())
      EXPECT_THAT(set(fd, wake), SyscallFailsWithErrno(EINVAL));
    EXPECT_THAT(Mapping(fd, PROT_READ).result(), SyscallFailsWithErrno(ENODEV));
  }
  struct xpoll_stats stats {};
  EXPECT_THAT(ioctl(device_.get(), XPOLL_IOC_STATS, &stats), SyscallFailsWithErrno(ENODATA));
}

TEST_F(WakeAbiTest, UnreadableArgumentIsEfaultAndMakesNoPolicy) {
  for (const int fd : {ep_.get(), device_.get()}) {
    EXPECT_THAT(ioctl(fd, XPOLL_IOC_WAKE, nullptr), SyscallFailsWithErrno(EFAULT));
    EXPECT_THAT(Mapping(fd, PROT_READ).result(), SyscallFailsWithErrno(ENODEV));
  }
}

TEST_F(WakeWaitersTest, RefusedCallLeavesThePolicyInForce) {
  ASSERT_THAT(set_policy(ep_.get(), XPOLL_WAKE_ROUND_ROBIN), SyscallSucceeds());
  auto workers = start(kWorkers);
  int expected = 0;
  for (const xpoll_wake& wake : bad_arguments()) {
    ASSERT_THAT(set(ep_.get(), wake), SyscallFailsWithErrno(EINVAL));
    EXPECT_EQ(taker(workers, eventfd_), expected);
    workers[expected] = start_one(0);
    expected = (expected + 1) % kWorkers;
  }
  ASSERT_THAT(set_program(ep_.get(), -1), SyscallFailsWithErrno(EBADF));
  EXPECT_EQ(taker(workers, eventfd_), expected);
  workers[expected] = nullptr;
  finish(workers, eventfd_);
}

TEST_F(WakeAbiTest, ProgramMustBeABpfProgram) {
  EXPECT_THAT(
      set(ep_.get(), {.policy = XPOLL_WAKE_BPF, .prog_fd = -1, .heartbeat_ns = 0, .reserved = {}}),
      SyscallFailsWithErrno(EBADF));
  EXPECT_THAT(
      set(ep_.get(),
          {.policy = XPOLL_WAKE_BPF, .prog_fd = ep_.get(), .heartbeat_ns = 0, .reserved = {}}),
      SyscallFailsWithErrno(EINVAL));
}

TEST_F(WakeAbiTest, NumberOfAWorkerIsOneOfTheTableOrNone) {
  for (const std::uint32_t worker : {1U, std::uint32_t{XPOLL_WORKERS_MAX}, 0U})
    EXPECT_THAT(ioctl(ep_.get(), XPOLL_IOC_WORKER, &worker), SyscallSucceeds()) << worker;
  for (const std::uint32_t worker : {XPOLL_WORKERS_MAX + 1U, ~0U})
    EXPECT_THAT(ioctl(ep_.get(), XPOLL_IOC_WORKER, &worker), SyscallFailsWithErrno(EINVAL))
        << worker;
  EXPECT_THAT(ioctl(ep_.get(), XPOLL_IOC_WORKER, nullptr), SyscallFailsWithErrno(EFAULT));
  const std::uint32_t worker = 1;
  EXPECT_THAT(ioctl(device_.get(), XPOLL_IOC_WORKER, &worker), SyscallFailsWithErrno(ENOTTY));
}

TEST_F(WakeInstancesTest, InstanceThatLosesItsNumberHasTheLoadOfItsWatchesAgain) {
  watch(XPOLL_WAKE_LEAST_LOADED, 2);
  WorkerTable table(device_.get());
  table[XPOLL_WORKERS_MAX].load = 9;
  const unique_fd spare = make_eventfd();
  auto workers = start();
  // two turns per instance, which equal loads can't explain
  const auto expect_two_turns = [&](std::uint32_t number, int expected) {
    ASSERT_THAT(ioctl(instances_[0].get(), XPOLL_IOC_WORKER, &number), SyscallSucceeds());
    for (int turn = 0; turn < 2; ++turn) {
      EXPECT_EQ(taker(workers, eventfd_), expected) << "number " << number;
      workers[expected] = start_one(expected);
    }
  };
  expect_two_turns(XPOLL_WORKERS_MAX, 1);
  edge_watch(instances_[1].get(), spare);
  expect_two_turns(0, 0);
  finish(workers, eventfd_);
}

TEST_F(WakeAbiTest, TableIsMappedSharedWholeAndOncePolicyIsSet) {
  const std::size_t size = WorkerTable::size();
  const auto map = [](int fd, std::size_t bytes, int flags, off_t offset) {
    return Mapping(fd, PROT_READ | PROT_WRITE, flags, nullptr, bytes, offset).result();
  };
  for (const int fd : {ep_.get(), device_.get()}) {
    EXPECT_THAT(map(fd, size, MAP_SHARED, 0), SyscallFailsWithErrno(ENODEV));
    ASSERT_THAT(set_policy(fd, XPOLL_WAKE_ROUND_ROBIN), SyscallSucceeds());
    EXPECT_THAT(map(fd, size, MAP_PRIVATE, 0), SyscallFailsWithErrno(EINVAL));
    EXPECT_THAT(map(fd, 2 * size, MAP_SHARED, 0), SyscallFailsWithErrno(EINVAL));
    EXPECT_THAT(map(fd, size, MAP_SHARED, static_cast<off_t>(size)), SyscallFailsWithErrno(EINVAL));
    EXPECT_THAT(map(fd, size, MAP_SHARED, 0), SyscallSucceeds());
  }
}

TEST_F(WakeAbiTest, TableIsMappedWhereTheCallerSays) {
  for (const int fd : {ep_.get(), device_.get()}) {
    ASSERT_THAT(set_policy(fd, XPOLL_WAKE_ROUND_ROBIN), SyscallSucceeds());
    WorkerTable elsewhere(fd);
    const Mapping place(-1, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS);
    ASSERT_THAT(place.result(), SyscallSucceeds());
    ASSERT_EQ(mmap(place.at(), WorkerTable::size(), PROT_READ, MAP_SHARED | MAP_FIXED, fd, 0),
              place.at());
    elsewhere[1].load = 7;
    EXPECT_EQ(place.first().load, 7U);
  }
}

TEST_F(WakeInstancesTest, TableOfADeviceOpenForReadingIsMappedForReading) {
  device_ = checked_fd(open("/dev/xpoll", O_RDONLY | O_CLOEXEC), "/dev/xpoll");
  ASSERT_THAT(set_policy(device_.get(), XPOLL_WAKE_ROUND_ROBIN), SyscallSucceeds());
  EXPECT_THAT(Mapping(device_.get(), PROT_READ | PROT_WRITE).result(),
              SyscallFailsWithErrno(EACCES));
  const Mapping table(device_.get(), PROT_READ);
  ASSERT_THAT(table.result(), SyscallSucceeds());
  EXPECT_THAT(mprotect(table.at(), WorkerTable::size(), PROT_READ | PROT_WRITE),
              SyscallFailsWithErrno(EACCES));
  // an instance is open for writing, and maps its group's table
  WorkerTable writable(create().get());
  writable[1].load = 7;
  EXPECT_EQ(table.first().load, 7U);
}

TEST_F(WakeAbiTest, TableCannotBeExecuted) {
  ASSERT_THAT(set_policy(ep_.get(), XPOLL_WAKE_ROUND_ROBIN), SyscallSucceeds());
  EXPECT_LT(Mapping(ep_.get(), PROT_READ | PROT_EXEC).result(), 0);
  EXPECT_TRUE(errno == EINVAL || errno == EPERM) << errno_text(errno);
  const Mapping table(ep_.get(), PROT_READ);
  ASSERT_THAT(table.result(), SyscallSucceeds());
  EXPECT_THAT(mprotect(table.at(), WorkerTable::size(), PROT_READ | PROT_EXEC),
              SyscallFailsWithErrno(EACCES));
}

TEST_F(WakeAbiTest, TableIsMappedWithoutExecutionWhereReadingImpliesThat) {
  ASSERT_THAT(set_policy(ep_.get(), XPOLL_WAKE_ROUND_ROBIN), SyscallSucceeds());
  const ReadImpliesExec personality;
  WorkerTable table(ep_.get());
  EXPECT_FALSE(can_be_executed(&table[1]));
}

TEST_F(WakeAbiTest, MappedTableDoesNotGrow) {
  ASSERT_THAT(set_policy(ep_.get(), XPOLL_WAKE_ROUND_ROBIN), SyscallSucceeds());
  WorkerTable table(ep_.get());
  const std::size_t size = WorkerTable::size();
  ASSERT_EQ(mremap(&table[1], size, 2 * size, MREMAP_MAYMOVE), MAP_FAILED);
  EXPECT_EQ(errno, EFAULT);
}

TEST_F(WakeAbiTest, AnotherPolicyKeepsTheTable) {
  for (const int fd : {ep_.get(), device_.get()}) {
    ASSERT_THAT(set_policy(fd, XPOLL_WAKE_LEAST_LOADED), SyscallSucceeds());
    WorkerTable before(fd);
    before[XPOLL_WORKERS_MAX].load = 7;
    ASSERT_THAT(set_policy(fd, XPOLL_WAKE_ROUND_ROBIN), SyscallSucceeds());
    WorkerTable after(fd);
    EXPECT_EQ(after[XPOLL_WORKERS_MAX].load, 7U);
    EXPECT_EQ(after[1].load, 0U);
  }
}

TEST_F(WakeAbiTest, ProgramOfAnotherTypeIsEinval) {
  const unique_fd program =
      bpf::load_program({bpf::set_register(0, 0), bpf::kExit}, BPF_PROG_TYPE_SOCKET_FILTER);
  EXPECT_THAT(set_program(ep_.get(), program.get()), SyscallFailsWithErrno(EINVAL));
}

// Becomes an unprivileged user with only these capabilities.
void become_user_with(std::uint64_t capabilities) {
  checked(prctl(PR_SET_KEEPCAPS, 1), "PR_SET_KEEPCAPS");
  become_user(kStranger);
  __user_cap_header_struct header{.version = _LINUX_CAPABILITY_VERSION_3, .pid = 0};
  __user_cap_data_struct data[2]{};
  for (int word = 0; word < 2; ++word) {
    const auto bits = static_cast<std::uint32_t>(capabilities >> 32 * word);
    data[word] = {.effective = bits, .permitted = bits, .inheritable = 0};
  }
  checked(static_cast<int>(syscall(SYS_capset, &header, data)), "capset");
}

class WakePrivilegeTest : public WakeAbiTest {
 protected:
  void SetUp() override {
    WakeAbiTest::SetUp();
    if (geteuid() != 0) GTEST_SKIP() << "needs root, to give up privilege";
  }

  // The result of setting the program in a process that has given up privileges with `give_up`.
  int set_after(int fd, const std::function<void()>& give_up) const {
    Process child([&] {
      give_up();
      return set_program(fd, program_.get());
    });
    return child.join();
  }

  static constexpr std::uint64_t kBpf = 1ULL << CAP_BPF;
  static constexpr std::uint64_t kPerfmon = 1ULL << CAP_PERFMON;
  const unique_fd program_ = bpf::load_constant(0);
};

TEST_F(WakePrivilegeTest, ProgramNeedsBothCapabilitiesOrAll) {
  for (const int fd : {ep_.get(), device_.get()}) {
    const auto set_with = [&](std::uint64_t capabilities) {
      return set_after(fd, [&] { become_user_with(capabilities); });
    };
    EXPECT_THAT(set_with(0), SyscallFailsWithErrno(EPERM));
    EXPECT_THAT(set_with(kBpf), SyscallFailsWithErrno(EPERM));
    EXPECT_THAT(set_with(kPerfmon), SyscallFailsWithErrno(EPERM));
    EXPECT_THAT(set_with(kBpf | kPerfmon), SyscallSucceeds());
    EXPECT_THAT(set_with(1ULL << CAP_SYS_ADMIN), SyscallSucceeds());
  }
}

TEST_F(WakePrivilegeTest, CapabilitiesInAnotherUserNamespaceAreNotEnough) {
  if (Process([] { return unshare(CLONE_NEWUSER); }).join() < 0)
    GTEST_SKIP() << "user namespaces are not permitted";
  for (const int fd : {ep_.get(), device_.get()})
    EXPECT_THAT(set_after(fd, [] { checked(unshare(CLONE_NEWUSER), "unshare"); }),
                SyscallFailsWithErrno(EPERM));
}

TEST_F(WakePrivilegeTest, TheOtherPoliciesNeedNone) {
  for (const int fd : {ep_.get(), device_.get()}) {
    Process user([fd] {
      become_user(kStranger);
      return set_policy(fd, XPOLL_WAKE_LEAST_LOADED);
    });
    EXPECT_THAT(user.join(), SyscallSucceeds());
  }
}

}  // namespace
}  // namespace xpoll::test
