// SPDX-License-Identifier: GPL-2.0-only
// XPOLL_IOC_PROCESS: in which processes epoll_create(2) creates xpoll instances.
#include "util/process.h"

#include <bpf/bpf.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/epoll.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>

#include "tools/util/bpf_program.h"
#include "tools/util/descriptors.h"
#include "tools/util/file.h"
#include "tools/util/temporary_directory.h"
#include "tools/util/wait_until.h"
#include "util/each_backend.h"
#include "util/epoll_calls.h"
#include "util/matchers.h"
#include "util/raw.h"
#include "util/requires.h"
#include "util/stats.h"
#include "util/stress.h"
#include "util/thread.h"

namespace xpoll::test {
namespace {

constexpr const char* kLastPid = "/proc/sys/kernel/ns_last_pid";

class ProcessTest : public XpollOnly {
 protected:
  void SetUp() override {
    XpollOnly::SetUp();
    if (IsSkipped() || HasFatalFailure()) return;
    XPOLL_REQUIRE(can_hook_epoll_calls(), kHookableEpollCalls);
  }

  static int call(const struct xpoll_process& process) {
    return ioctl(open_device().get(), XPOLL_IOC_PROCESS, &process);
  }
};

std::filesystem::path abi32() {
  return std::filesystem::read_symlink("/proc/self/exe").replace_filename("abi32");
}

// Executes a program whose exit status shows what epoll_create1(2) creates there. Returns only on
// failure.
int execute(const std::filesystem::path& program) {
  execl(program.c_str(), program.c_str(), "opted", nullptr);
  return -1;
}

// Returns what abi32 found: instances of xpoll or of native epoll. Throws if it did not get there.
bool ended_with_instances(pid_t pid) {
  constexpr int kNative = 3;
  int status = 0;
  checked(waitpid(pid, &status, 0), "waitpid");
  if (!WIFEXITED(status) || (WEXITSTATUS(status) != EXIT_SUCCESS && WEXITSTATUS(status) != kNative))
    throw std::runtime_error(fmt::format("the program ended with {:#x}", status));
  return WEXITSTATUS(status) == EXIT_SUCCESS;
}

// Whether the program, executed by a forked child of this process, creates xpoll instances.
bool creates_instances_in(const std::filesystem::path& program) {
  const pid_t pid = checked(fork(), "fork");
  if (pid == 0) {
    execute(program);
    _exit(EXIT_FAILURE);
  }
  return ended_with_instances(pid);
}

TEST_F(ProcessTest, ReturnsWhatWasSetBefore) {
  EXPECT_THAT(in_opted_process([] { return set_process(XPOLL_PROCESS_ASK); }),
              SyscallSucceedsWithValue(1));
  EXPECT_THAT(in_opted_process([] { return set_process(XPOLL_PROCESS_XPOLL); }),
              SyscallSucceedsWithValue(1));
  EXPECT_THAT(in_opted_process([] { return set_process(XPOLL_PROCESS_NATIVE); }),
              SyscallSucceedsWithValue(1));
  Process other([] { return set_process(XPOLL_PROCESS_NATIVE); });
  EXPECT_THAT(other.join(), SyscallSucceedsWithValue(route() == Route::kEpollCalls));
}

TEST_F(ProcessTest, OptedInItCreatesInstancesAndOptedOutNativeOnes) {
  EXPECT_THAT(in_opted_process([] {
                const bool in = creates_instances();
                checked(set_process(XPOLL_PROCESS_NATIVE), "XPOLL_IOC_PROCESS");
                return in && !creates_instances() ? 0 : -1;
              }),
              SyscallSucceeds());
}

TEST_F(ProcessTest, AnUnknownModeIsEinval) {
  for (const std::uint32_t mode : {3U, 1U << 31, ~0U})
    EXPECT_THAT(set_process(mode), SyscallFailsWithErrno(EINVAL)) << mode;
}

TEST_F(ProcessTest, AReservedFieldThatIsNotZeroIsEinval) {
  for (const std::uint32_t mode : {XPOLL_PROCESS_NATIVE, XPOLL_PROCESS_XPOLL, XPOLL_PROCESS_ASK})
    for (int field = 0; field < 2; ++field) {
      struct xpoll_process process {};
      process.mode = mode;
      process.reserved[field] = 1;
      EXPECT_THAT(call(process), SyscallFailsWithErrno(EINVAL)) << mode;
    }
}

TEST_F(ProcessTest, AGroupWithoutOptingInIsEinval) {
  for (const std::uint32_t mode : {XPOLL_PROCESS_NATIVE, XPOLL_PROCESS_ASK}) {
    EXPECT_THAT(set_process(mode, 1, 0), SyscallFailsWithErrno(EINVAL)) << mode;
    EXPECT_THAT(set_process(mode, 0, 1), SyscallFailsWithErrno(EINVAL)) << mode;
  }
}

TEST_F(ProcessTest, AnUnknownGroupIsEsrchAndChangesNothing) {
  Process child([] {
    checked(set_process(XPOLL_PROCESS_NATIVE), "XPOLL_IOC_PROCESS");
    const int result = set_process(XPOLL_PROCESS_XPOLL, 1U << 30);
    const int error = errno;
    if (creates_instances()) return 1;
    errno = error;
    return result;
  });
  EXPECT_THAT(child.join(), SyscallFailsWithErrno(ESRCH));
}

TEST_F(ProcessTest, UnreadableArgumentsAreEfault) {
  EXPECT_THAT(ioctl(open_device().get(), XPOLL_IOC_PROCESS, nullptr),
              SyscallFailsWithErrno(EFAULT));
}

TEST_F(ProcessTest, OtherThreadsFollow) {
  EXPECT_THAT(in_opted_process([] {
                bool created = false;
                Thread([&] { created = creates_instances(); }).join();
                return created ? 0 : -1;
              }),
              SyscallSucceeds());
}

TEST_F(ProcessTest, AThreadOptsItsWholeProcessIn) {
  Process child([] {
    Thread([] { checked(set_process(XPOLL_PROCESS_XPOLL), "XPOLL_IOC_PROCESS"); }).join();
    return creates_instances() ? 0 : -1;
  });
  EXPECT_THAT(child.join(), SyscallSucceeds());
}

TEST_F(ProcessTest, ForkedProcessesInheritItToTheGrandchild) {
  EXPECT_THAT(in_opted_process([] {
                Process child([] {
                  Process grandchild([] { return creates_instances() ? 0 : -1; });
                  return grandchild.join();
                });
                return child.join();
              }),
              SyscallSucceeds());
}

TEST_F(ProcessTest, AChildThatOptsOutLeavesItsParentIn) {
  EXPECT_THAT(in_opted_process([] {
                Process child([] { return set_process(XPOLL_PROCESS_NATIVE); });
                child.join();
                return creates_instances() ? 0 : -1;
              }),
              SyscallSucceeds());
}

TEST_F(ProcessTest, AnExecutedProgramInheritsIt) {
  EXPECT_EQ(in_opted_process([] { return creates_instances_in(abi32()); }), 1);
}

TEST_F(ProcessTest, AProgramThatAnotherThreadThanTheFirstExecutesInheritsIt) {
  EXPECT_EQ(in_opted_process([] {
              const pid_t pid = checked(fork(), "fork");
              if (pid == 0) {
                Thread([] { execute(abi32()); }).join();
                _exit(EXIT_FAILURE);
              }
              return static_cast<int>(ended_with_instances(pid));
            }),
            1);
}

// In a separate mount, because the directory for temporary files may be mounted nosuid.
class SetUserIdProgram {
 public:
  explicit SetUserIdProgram(mode_t mode) {
    checked(chmod(directory_.path().c_str(), 0755), "chmod");
    checked(mount("none", directory_.path().c_str(), "tmpfs", 0, nullptr), "mount");
    std::filesystem::copy_file(abi32(), path());
    checked(chmod(path().c_str(), mode), "chmod");
  }
  SetUserIdProgram(const SetUserIdProgram&) = delete;
  SetUserIdProgram& operator=(const SetUserIdProgram&) = delete;
  ~SetUserIdProgram() { umount2(directory_.path().c_str(), MNT_DETACH); }

  std::filesystem::path path() const { return directory_.path() / "program"; }

 private:
  TemporaryDirectory directory_;
};

TEST_F(ProcessTest, ASetUserIdProgramDoesNotInheritIt) {
  const SetUserIdProgram plain(0755);
  const SetUserIdProgram privileged(04755);
  EXPECT_EQ(in_opted_process([&] {
              become_user(kUnprivileged);
              const bool by_plain = creates_instances_in(plain.path());
              return by_plain && !creates_instances_in(privileged.path()) ? 0 : 1;
            }),
            0);
}

// A process that reuses the pid of an ended one is a different process.
TEST_F(ProcessTest, TheNextProcessWithItsIdDoesNotInheritIt) {
  if (access(kLastPid, F_OK) != 0) GTEST_SKIP() << "no CONFIG_CHECKPOINT_RESTORE";
  Process opted([] {
    checked(set_process(XPOLL_PROCESS_XPOLL), "XPOLL_IOC_PROCESS");
    return getpid();
  });
  const pid_t pid = opted.join();
  // Another process may take the pid first.
  for (int attempt = 0; attempt < 100; ++attempt) {
    write_file(kLastPid, std::to_string(pid - 1));
    Process next([pid] { return getpid() == pid ? set_process(XPOLL_PROCESS_ASK) : 2; });
    const int result = next.join();
    if (result == 2) continue;
    EXPECT_THAT(result, SyscallSucceedsWithValue(route() == Route::kEpollCalls));
    return;
  }
  FAIL() << "the ID " << pid << " was never given again";
}

class ProcessGroupTest : public ProcessTest {
 protected:
  const unique_fd device_ = open_device();
  const int id_ = checked(ioctl(device_.get(), XPOLL_IOC_GROUP), "XPOLL_IOC_GROUP");

  // Runs in a child that has opted in with the group.
  int in_group(const std::function<int()>& body) const {
    Process child([this, &body] {
      checked(set_process(XPOLL_PROCESS_XPOLL, static_cast<std::uint32_t>(id_)), "opt in");
      return body();
    });
    return child.join();
  }
};

// Gives the group of `device` a policy with a program that nobody else has. Returns the program's
// ID.
int set_new_program(const unique_fd& device) {
  const unique_fd program = bpf::load_program({bpf::set_register(0, 0), bpf::kExit});
  struct xpoll_wake wake {};
  wake.policy = XPOLL_WAKE_BPF;
  wake.prog_fd = program.get();
  checked(ioctl(device.get(), XPOLL_IOC_WAKE, &wake), "XPOLL_IOC_WAKE");
  bpf_prog_info info{};
  std::uint32_t size = sizeof(info);
  checked(bpf_obj_get_info_by_fd(program.get(), &info, &size), "information on a program");
  return static_cast<int>(info.id);
}

TEST_F(ProcessGroupTest, CountsTheInstancesOfTheProcessAndOfThoseThatItForks) {
  EXPECT_THAT(in_group([] {
                Process child([] { return creates_instances() ? 0 : -1; });
                return child.join() + (creates_instances() ? 0 : -1);
              }),
              SyscallSucceedsWithValue(0));
  EXPECT_EQ(stats_of(device_).instances, 2U);
}

TEST_F(ProcessGroupTest, IsLeftByOptingInWithoutOne) {
  EXPECT_THAT(in_group([] {
                checked(set_process(XPOLL_PROCESS_XPOLL), "XPOLL_IOC_PROCESS");
                return creates_instances() ? 0 : -1;
              }),
              SyscallSucceedsWithValue(0));
  EXPECT_EQ(stats_of(device_).instances, 0U);
}

TEST_F(ProcessGroupTest, OfAnotherUserNeedsItsKey) {
  std::uint64_t key = 0;
  ASSERT_THAT(ioctl(device_.get(), XPOLL_IOC_KEY, &key), SyscallSucceeds());
  const auto opt_in_as_another = [this](std::uint64_t given) {
    Process child([this, given] {
      become_user(kUnprivileged);
      return set_process(XPOLL_PROCESS_XPOLL, static_cast<std::uint32_t>(id_), given);
    });
    return child.join();
  };
  EXPECT_THAT(opt_in_as_another(0), SyscallFailsWithErrno(ESRCH));
  EXPECT_THAT(opt_in_as_another(key + 1), SyscallFailsWithErrno(ESRCH));
  EXPECT_THAT(opt_in_as_another(key), SyscallSucceeds());
}

TEST_F(ProcessGroupTest, MayEndBeforeTheProcess) {
  Process child([] {
    {
      const unique_fd device = open_device();
      const int id = checked(ioctl(device.get(), XPOLL_IOC_GROUP), "XPOLL_IOC_GROUP");
      checked(set_process(XPOLL_PROCESS_XPOLL, static_cast<std::uint32_t>(id)), "opt in");
    }
    return creates_instances() ? 0 : -1;
  });
  EXPECT_THAT(child.join(), SyscallSucceeds());
}

// The group has the last reference to a program that is closed.
TEST_F(ProcessGroupTest, EndsWithItsLastProcess) {
  std::uint32_t program = 0;
  const auto exists = [&program] { return unique_fd(bpf_prog_get_fd_by_id(program)).valid(); };
  Process child([&] {
    const unique_fd device = open_device();
    const int id = checked(ioctl(device.get(), XPOLL_IOC_GROUP), "XPOLL_IOC_GROUP");
    checked(set_process(XPOLL_PROCESS_XPOLL, static_cast<std::uint32_t>(id)), "opt in");
    return set_new_program(device);
  });
  program = static_cast<std::uint32_t>(child.join());
  ASSERT_GT(program, 0U);
  wait_until("the end of the group", [&] { return !exists(); });
}

// Each of these processes gets a number in the module, which is reused later.
TEST_F(ProcessGroupTest, ManyProcessesMayOptInOneAfterTheOther) {
  constexpr int kProcesses = 50;
  for (int i = 0; i < kProcesses; ++i)
    ASSERT_THAT(in_group([] { return creates_instances() ? 0 : -1; }), SyscallSucceeds());
  EXPECT_EQ(stats_of(device_).instances, static_cast<unsigned>(kProcesses));
}

// Each opt-in with a group gets a number in the module, which another process gets once it is free.
TEST_F(ProcessGroupTest, AnInstanceJoinsNoGroupOfAnotherProcessWhileItsOwnOptsOut) {
  const int instances = stress_rounds(100);
  const unique_fd others_device = open_device();
  const int others = checked(ioctl(others_device.get(), XPOLL_IOC_GROUP), "XPOLL_IOC_GROUP");
  const auto opt_in = [](int group) {
    checked(set_process(XPOLL_PROCESS_XPOLL, static_cast<std::uint32_t>(group)), "opt in");
  };
  const auto opt_out = [] { checked(set_process(XPOLL_PROCESS_NATIVE), "opt out"); };
  // The end of the scope kills it.
  const Process other([&] {
    for (;; opt_out()) opt_in(others);
    return 0;
  });
  EXPECT_THAT(in_group([&] {
                std::atomic<bool> stop{false};
                std::atomic<unsigned> attempts{0};
                // On one processor it would be out whenever another thread runs, since a call waits
                // for a grace period then.
                Thread toggler([&] {
                  for (; !stop; opt_out()) {
                    opt_in(id_);
                    for (const unsigned before = attempts; attempts == before && !stop;) continue;
                  }
                });
                const SetAtExit end(stop);
                for (int created = 0; created < instances; ++attempts)
                  created += creates_instances();
                return 0;
              }),
              SyscallSucceeds());
  EXPECT_EQ(stats_of(others_device).instances, 0U);
}

// Each forks two processes, for that many generations. Returns how many of all create xpoll
// instances.
int instances_of_tree(int generations) {
  const int own = creates_instances() ? 1 : 0;
  if (generations == 0) return own;
  const auto body = [generations] { return instances_of_tree(generations - 1); };
  Process one(body);
  Process other(body);
  return own + one.join() + other.join();
}

TEST_F(ProcessGroupTest, LosesNoneOfManyForks) {
  constexpr int kGenerations = 5;
  constexpr int kProcesses = (1 << (kGenerations + 1)) - 1;
  EXPECT_THAT(in_group([] { return instances_of_tree(kGenerations); }),
              SyscallSucceedsWithValue(kProcesses));
  EXPECT_EQ(stats_of(device_).instances, static_cast<unsigned>(kProcesses));
}

}  // namespace
}  // namespace xpoll::test
