// SPDX-License-Identifier: GPL-2.0-only
// Busy polling of the guest's network device, and its parameters. QEMU's user network answers
// requests for TFTP, so no program is needed on the host.
#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sched.h>
#include <sys/socket.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <ctime>
#include <functional>
#include <optional>
#include <string>

#include "tools/util/descriptors.h"
#include "tools/util/eventfd.h"
#include "tools/util/file.h"
#include "tools/util/wait_until.h"
#include "util/difference.h"
#include "util/each_backend.h"
#include "util/guarded_memory.h"
#include "util/kernel_version.h"
#include "util/matchers.h"
#include "util/monotonic.h"
#include "util/process.h"
#include "util/raw.h"
#include "util/ring.h"
#include "util/sleep_count.h"
#include "util/task_state.h"
#include "util/thread.h"

namespace xpoll::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr const char* kSysctl = "/proc/sys/net/core/busy_poll";
constexpr const char* kModuleParameter = "/sys/module/xpoll/parameters/busy_poll";
constexpr uid_t kNobody = 65534;
// NAPI_POLL_WEIGHT: a larger budget is for CAP_NET_ADMIN.
constexpr int kMostBudget = 64;
// Longer than a wait takes that an event, a signal or its timeout ends.
constexpr std::uint32_t kLongUs = 30'000'000;
// No wait that passes takes so long.
constexpr int kWaitMs = 60'000;

bool kernel_polls() { return access(kSysctl, F_OK) == 0; }
// Native epoll's are called EPIOCSPARAMS and EPIOCGPARAMS.
bool has_ioctls(Backend backend) {
  return differs(backend, Difference::kBusyPollBeforeItsIoctls) ||
         running_kernel() >= KernelVersion{6, 9, 0};
}

struct xpoll_busy_poll parameters(std::uint32_t usecs, int budget = 0, int prefer = 0) {
  struct xpoll_busy_poll parameters {};
  parameters.usecs = usecs;
  parameters.budget = static_cast<__u16>(budget);
  parameters.prefer = static_cast<__u8>(prefer);
  return parameters;
}

int set(const unique_fd& ep, const struct xpoll_busy_poll& parameters) {
  return ioctl(ep.get(), XPOLL_IOC_SET_BUSY_POLL, &parameters);
}

struct xpoll_busy_poll get(const unique_fd& ep) {
  // what the call does not write would show
  struct xpoll_busy_poll parameters = {.usecs = 1, .budget = 1, .prefer = 1, .reserved = 1};
  checked(ioctl(ep.get(), XPOLL_IOC_GET_BUSY_POLL, &parameters), "XPOLL_IOC_GET_BUSY_POLL");
  return parameters;
}

MATCHER_P3(Parameters, usecs, budget, prefer, "") {
  return arg.usecs == static_cast<std::uint32_t>(usecs) && arg.budget == budget &&
         arg.prefer == prefer && arg.reserved == 0;
}

class BusyPollParametersTest : public EachBackend {
 protected:
  void SetUp() override {
    EachBackend::SetUp();
    if (IsSkipped() || HasFatalFailure()) return;
    ep_ = backend_.instance();
    if (!kernel_polls()) GTEST_SKIP() << "the kernel has no busy polling";
    if (!has_ioctls(backend_)) GTEST_SKIP() << "native epoll has these ioctls since 6.9";
  }

  unique_fd ep_;
};
XPOLL_FOR_EACH_BACKEND(BusyPollParametersTest);

TEST_P(BusyPollParametersTest, AreZeroOnANewInstance) {
  EXPECT_THAT(get(ep_), Parameters(0, 0, 0));
}

TEST_P(BusyPollParametersTest, AreWhatWasSetLast) {
  ASSERT_THAT(set(ep_, parameters(64, 16, 1)), SyscallSucceeds());
  EXPECT_THAT(get(ep_), Parameters(64, 16, 1));
  ASSERT_THAT(set(ep_, parameters(0, kMostBudget, 0)), SyscallSucceeds());
  EXPECT_THAT(get(ep_), Parameters(0, kMostBudget, 0));
}

TEST_P(BusyPollParametersTest, AreOfOneInstance) {
  const unique_fd other = backend_.instance();
  ASSERT_THAT(set(ep_, parameters(64, 16, 1)), SyscallSucceeds());
  EXPECT_THAT(get(other), Parameters(0, 0, 0));
}

TEST_P(BusyPollParametersTest, AreSharedWithAChild) {
  Process child([&] { return set(ep_, parameters(64, 16, 1)); });
  ASSERT_THAT(child.join(), SyscallSucceeds());
  EXPECT_THAT(get(ep_), Parameters(64, 16, 1));
}

TEST_P(BusyPollParametersTest, StayAfterWaits) {
  const unique_fd file = make_eventfd(1);
  ASSERT_THAT(set(ep_, parameters(64, 16, 1)), SyscallSucceeds());
  ASSERT_THAT(backend_.add(ep_.get(), file.get(), EPOLLIN | EPOLLET), SyscallSucceeds());
  EXPECT_THAT(backend_.ready(ep_.get(), 1), Events(Event(file.get(), EPOLLIN)));
  EXPECT_THAT(backend_.ready(ep_.get(), 1), NoEvents());
  EXPECT_THAT(get(ep_), Parameters(64, 16, 1));
}

TEST_P(BusyPollParametersTest, TheLongestTimeFitsIntoASignedNumber) {
  ASSERT_THAT(set(ep_, parameters(0x7fff'ffff)), SyscallSucceeds());
  EXPECT_THAT(set(ep_, parameters(0x8000'0000)), SyscallFailsWithErrno(EINVAL));
  EXPECT_THAT(set(ep_, parameters(0xffff'ffff)), SyscallFailsWithErrno(EINVAL));
  EXPECT_THAT(get(ep_), Parameters(0x7fff'ffff, 0, 0));
}

TEST_P(BusyPollParametersTest, PreferIsABool) {
  EXPECT_THAT(set(ep_, parameters(1, 1, 2)), SyscallFailsWithErrno(EINVAL));
  EXPECT_THAT(set(ep_, parameters(1, 1, 255)), SyscallFailsWithErrno(EINVAL));
  EXPECT_THAT(get(ep_), Parameters(0, 0, 0));
}

TEST_P(BusyPollParametersTest, TheReservedByteIsZero) {
  struct xpoll_busy_poll wrong = parameters(1);
  wrong.reserved = 1;
  EXPECT_THAT(set(ep_, wrong), SyscallFailsWithErrno(EINVAL));
  EXPECT_THAT(get(ep_), Parameters(0, 0, 0));
}

TEST_P(BusyPollParametersTest, ALargeBudgetNeedsPrivilege) {
  if (geteuid() != 0) GTEST_SKIP() << "needs root, to give it up";
  ASSERT_THAT(set(ep_, parameters(1, 0xffff)), SyscallSucceeds());
  EXPECT_THAT(get(ep_), Parameters(1, 0xffff, 0));
  Process large([&] {
    become_user(kNobody);
    return set(ep_, parameters(2, kMostBudget + 1));
  });
  EXPECT_THAT(large.join(), SyscallFailsWithErrno(EPERM));
  EXPECT_THAT(get(ep_), Parameters(1, 0xffff, 0));
}

TEST_P(BusyPollParametersTest, RootOfAUserNamespaceHasNoPrivilege) {
  if (Process([] { return unshare(CLONE_NEWUSER); }).join() < 0)
    GTEST_SKIP() << "user namespaces are not permitted";
  Process child([&] {
    checked(unshare(CLONE_NEWUSER), "unshare");
    return set(ep_, parameters(1, kMostBudget + 1));
  });
  EXPECT_THAT(child.join(), SyscallFailsWithErrno(EPERM));
}

// As SO_BUSY_POLL and its like: only epoll of Linux 6.9 and newer lets everybody poll for any time.
TEST_P(BusyPollParametersTest, WithoutPrivilegeAUserSetsWhatTheKernelAllows) {
  if (geteuid() != 0) GTEST_SKIP() << "needs root, to give it up";
  const bool any = has_ioctls(Backend::native());
  ASSERT_THAT(set(ep_, parameters(10, 4)), SyscallSucceeds());
  const auto set_as_nobody = [&](const struct xpoll_busy_poll& wanted) {
    Process child([&] {
      become_user(kNobody);
      return set(ep_, wanted);
    });
    return child.join() == 0 ? 0 : errno;
  };
  EXPECT_EQ(set_as_nobody(parameters(10, 8)), 0);
  EXPECT_EQ(set_as_nobody(parameters(9, 1)), 0);
  EXPECT_THAT(get(ep_), Parameters(9, 1, 0));
  EXPECT_EQ(set_as_nobody(parameters(10, 8)), any ? 0 : EPERM);
  EXPECT_EQ(set_as_nobody(parameters(9, kMostBudget)), any ? 0 : EPERM);
  EXPECT_EQ(set_as_nobody(parameters(9, 8, 1)), any ? 0 : EPERM);
}

TEST_P(BusyPollParametersTest, OtherErrorsComeBeforeThatOfALargeBudget) {
  if (geteuid() != 0) GTEST_SKIP() << "needs root, to give it up";
  Process child([&] {
    become_user(kNobody);
    return set(ep_, parameters(1, kMostBudget + 1, 2));
  });
  EXPECT_THAT(child.join(), SyscallFailsWithErrno(EINVAL));
}

TEST_P(BusyPollParametersTest, AnArgumentThatCannotBeAccessedIsEfault) {
  const GuardedMemory memory;
  const auto* cut = memory.cut_after<struct xpoll_busy_poll>(sizeof(struct xpoll_busy_poll) - 1);
  for (const void* argument : {static_cast<const void*>(nullptr), static_cast<const void*>(cut)}) {
    EXPECT_THAT(ioctl(ep_.get(), XPOLL_IOC_SET_BUSY_POLL, argument), SyscallFailsWithErrno(EFAULT));
    EXPECT_THAT(ioctl(ep_.get(), XPOLL_IOC_GET_BUSY_POLL, argument), SyscallFailsWithErrno(EFAULT));
  }
  EXPECT_THAT(get(ep_), Parameters(0, 0, 0));
}

TEST_P(BusyPollParametersTest, OtherSizesAreUnknown) {
  const int unknown = running_kernel() >= KernelVersion{6, 9, 0} ? EINVAL : ENOTTY;
  struct xpoll_busy_poll argument[2] = {};
  for (const int more_bytes : {-8, -1, 1, 8}) {
    EXPECT_THAT(ioctl(ep_.get(), with_size(XPOLL_IOC_SET_BUSY_POLL, more_bytes), argument),
                SyscallFailsWithErrno(unknown));
    EXPECT_THAT(ioctl(ep_.get(), with_size(XPOLL_IOC_GET_BUSY_POLL, more_bytes), argument),
                SyscallFailsWithErrno(unknown));
  }
}

using BusyPollFeatureTest = XpollOnly;

TEST_F(BusyPollFeatureTest, IsToldIfTheKernelPolls) {
  EXPECT_EQ((module_features().features & XPOLL_FEATURE_BUSY_POLL) != 0, kernel_polls());
}

TEST_F(BusyPollFeatureTest, WithoutItTheCallsFailAsOnNativeEpoll) {
  if (kernel_polls()) GTEST_SKIP() << "the kernel has busy polling";
  const int error = running_kernel() >= KernelVersion{6, 9, 0} ? EOPNOTSUPP : ENOTTY;
  const unique_fd ep = backend_.instance();
  struct xpoll_busy_poll argument {};
  EXPECT_THAT(ioctl(ep.get(), XPOLL_IOC_SET_BUSY_POLL, &argument), SyscallFailsWithErrno(error));
  EXPECT_THAT(ioctl(ep.get(), XPOLL_IOC_GET_BUSY_POLL, &argument), SyscallFailsWithErrno(error));
}

// Sets a file of the kernel's to a number while it lives.
class Setting {
 public:
  Setting(const char* path, std::uint32_t value) : path_(path), before_(read_file(path)) {
    write_file(path_, std::to_string(value));
  }
  Setting(const Setting&) = delete;
  Setting& operator=(const Setting&) = delete;
  ~Setting() { write_file(path_, before_); }

 private:
  const char* path_;
  std::string before_;
};

// A UDP socket whose packets come through the guest's network device: QEMU answers each request.
class Correspondent {
 public:
  Correspondent() : fd_(checked_fd(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), "socket")) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(69);
    inet_pton(AF_INET, "10.0.2.2", &address.sin_addr);
    checked(connect(fd_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)),
            "connect to QEMU's user network");
  }

  int get() const { return fd_.get(); }
  void ask() const {
    constexpr char kRequest[] = "\0\1file\0octet";
    checked(static_cast<int>(send(fd_.get(), kRequest, sizeof(kRequest), 0)), "send");
  }
  void read_answer() const {
    char answer[64];
    checked(static_cast<int>(recv(fd_.get(), answer, sizeof(answer), 0)), "recv");
  }

 private:
  unique_fd fd_;
};

// The number of the clock of a thread's processor time, which the C library tells for its own
// handles of threads only.
clockid_t processor_clock_of(pid_t tid) {
  constexpr unsigned kThreadsProcessorTime = 6;
  return static_cast<clockid_t>(~static_cast<unsigned>(tid) << 3 | kThreadsProcessorTime);
}

std::chrono::nanoseconds processor_time_of(pid_t tid) {
  timespec time{};
  checked(clock_gettime(processor_clock_of(tid), &time), "clock_gettime of a thread");
  return seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

// A thread that waits once.
class PollingWaiter {
 public:
  explicit PollingWaiter(const std::function<long()>& wait)
      : thread_([this, wait] {
          const long before = sleeps_of_this_thread();
          result_ = wait();
          error_ = errno;
          sleeps_ = sleeps_of_this_thread() - before;
          returned_ = true;
        }) {}

  bool has_returned() const { return returned_; }
  Thread& thread() { return thread_; }

  // It uses processor time, rather than sleep. Throws if it sleeps.
  void wait_until_it_polls() const {
    wait_until("the waiter polls", [this] {
      if (is_asleep_in_wait(thread_.tid())) throw std::runtime_error("the waiter sleeps");
      return processor_time_of(thread_.tid()) > milliseconds(30);
    });
    EXPECT_FALSE(has_returned());
  }

  // Returns the wait's result, and sets errno.
  long join() {
    thread_.join();
    errno = error_;
    return result_;
  }
  // After join().
  void expect_no_sleep() const {
    if (!kernel_sleeps_for_spinlocks()) EXPECT_EQ(sleeps_, 0);
  }

 private:
  std::atomic<bool> returned_{false};
  long result_ = 0;
  int error_ = 0;
  long sleeps_ = 0;
  Thread thread_;
};

class BusyPollTest : public EachBackend {
 protected:
  void SetUp() override {
    EachBackend::SetUp();
    if (IsSkipped() || HasFatalFailure()) return;
    if (!kernel_polls()) GTEST_SKIP() << "the kernel has no busy polling";
    if (geteuid() != 0) GTEST_SKIP() << "needs root, for settings of the system";
    ep_ = backend_.instance();
    ASSERT_THAT(backend_.add(ep_.get(), correspondent_.get(), EPOLLIN | EPOLLET),
                SyscallSucceeds());
    ASSERT_THAT(backend_.add(ep_.get(), file_.get(), EPOLLIN | EPOLLET), SyscallSucceeds());
  }

  // Waits poll for so long. Before 6.9, native epoll's can be told by the sysctl only.
  void poll_for(std::uint32_t usecs) {
    if (has_ioctls(backend_))
      ASSERT_THAT(set(ep_, parameters(usecs)), SyscallSucceeds());
    else
      setting_.emplace(kSysctl, usecs);
  }

  long wait(int timeout_ms) const {
    epoll_event event{};
    return backend_.wait(ep_.get(), &event, 1, timeout_ms);
  }

  // The instance learns of the device by an event that a waiter is woken for.
  void learn() const {
    Thread waiter([this] { EXPECT_EQ(wait(kWaitMs), 1); });
    waiter.wait_until_asleep_in_wait();
    correspondent_.ask();
    waiter.join();
    correspondent_.read_answer();
  }

  unique_fd ep_;
  const Correspondent correspondent_;
  const unique_fd file_ = make_eventfd();
  std::optional<Setting> setting_;
};
XPOLL_FOR_EACH_BACKEND(BusyPollTest);

TEST_P(BusyPollTest, AWaitPollsUntilAnyWatchIsReady) {
  poll_for(kLongUs);
  learn();
  PollingWaiter waiter([this] { return wait(kWaitMs); });
  waiter.wait_until_it_polls();
  post(file_);
  EXPECT_THAT(waiter.join(), SyscallSucceedsWithValue(1));
  waiter.expect_no_sleep();
}

TEST_P(BusyPollTest, AWaitFindsAPacketWithoutASleep) {
  poll_for(kLongUs);
  learn();
  for (int i = 0; i < 5; ++i) {
    PollingWaiter waiter([this] { return wait(kWaitMs); });
    waiter.wait_until_it_polls();
    correspondent_.ask();
    EXPECT_THAT(waiter.join(), SyscallSucceedsWithValue(1));
    waiter.expect_no_sleep();
    correspondent_.read_answer();
  }
}

TEST_P(BusyPollTest, AWaitWithoutTimeoutPolls) {
  poll_for(kLongUs);
  learn();
  PollingWaiter waiter([this] { return wait(-1); });
  const PostAtExit end(file_);
  waiter.wait_until_it_polls();
  post(file_);
  EXPECT_THAT(waiter.join(), SyscallSucceedsWithValue(1));
  waiter.expect_no_sleep();
}

TEST_P(BusyPollTest, AWaitSleepsOnceItsTimeOfPollingIsOver) {
  poll_for(100'000);
  learn();
  Thread waiter([this] { EXPECT_EQ(wait(kWaitMs), 1); });
  waiter.wait_until_asleep_in_wait();
  const auto polled = processor_time_of(waiter.tid());
  post(file_);
  waiter.join();
  EXPECT_GT(polled, milliseconds(30)) << "it did not poll";
  // One that has polled until its timeout sleeps too, as long as the timer may be late.
  EXPECT_LT(polled, milliseconds(kWaitMs) / 2);
}

TEST_P(BusyPollTest, OtherCallsDoNotWaitForAWaitThatPolls) {
  poll_for(kLongUs);
  learn();
  const unique_fd ready = make_eventfd(1);
  unique_fd closed = make_eventfd();
  ASSERT_THAT(backend_.add(ep_.get(), closed.get(), EPOLLIN), SyscallSucceeds());
  PollingWaiter waiter([this] { return wait(kWaitMs); });
  waiter.wait_until_it_polls();
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_THAT(backend_.add(ep_.get(), ready.get(), EPOLLPRI), SyscallSucceeds());
  EXPECT_THAT(backend_.mod(ep_.get(), ready.get(), EPOLLPRI | EPOLLET), SyscallSucceeds());
  EXPECT_THAT(backend_.del(ep_.get(), ready.get()), SyscallSucceeds());
  EXPECT_THAT(wait(0), SyscallSucceedsWithValue(0));
  closed.reset();
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::microseconds(kLongUs) / 2);
  EXPECT_FALSE(waiter.has_returned());
  post(file_);
  EXPECT_THAT(waiter.join(), SyscallSucceedsWithValue(1));
}

TEST_P(BusyPollTest, AWaitWithTimeoutZeroDoesNotPoll) {
  poll_for(kLongUs);
  learn();
  EXPECT_THAT(wait(0), SyscallSucceedsWithValue(0));
  // a wait that had polled in vain would have forgotten the device, so this one would sleep
  PollingWaiter waiter([this] { return wait(kWaitMs); });
  waiter.wait_until_it_polls();
  post(file_);
  EXPECT_THAT(waiter.join(), SyscallSucceedsWithValue(1));
}

TEST_P(BusyPollTest, ATimeoutEndsThePollingOfXpollOnly) {
  const bool polls_on = !differs(backend_, Difference::kBusyPollEndsWithTheWait);
  const std::uint32_t usecs = polls_on ? 300'000 : kLongUs;
  poll_for(usecs);
  learn();
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_THAT(wait(50), SyscallSucceedsWithValue(0));
  const auto took = std::chrono::steady_clock::now() - begin;
  EXPECT_GE(took, milliseconds(50));
  EXPECT_EQ(took >= std::chrono::microseconds(usecs), polls_on);
}

TEST_P(BusyPollTest, ASignalEndsThePollingOfXpollOnly) {
  const bool polls_on = !differs(backend_, Difference::kBusyPollEndsWithTheWait);
  const std::uint32_t usecs = polls_on ? 5'000'000 : kLongUs;
  poll_for(usecs);
  learn();
  struct sigaction action {};
  action.sa_handler = [](int) {};
  struct sigaction before {};
  ASSERT_THAT(sigaction(SIGUSR1, &action, &before), SyscallSucceeds());
  const auto begin = std::chrono::steady_clock::now();
  PollingWaiter waiter([this] {
    // A signalfd of another test has blocked it.
    sigset_t usr1;
    sigemptyset(&usr1);
    sigaddset(&usr1, SIGUSR1);
    pthread_sigmask(SIG_UNBLOCK, &usr1, nullptr);
    return wait(kWaitMs);
  });
  waiter.wait_until_it_polls();
  waiter.thread().signal(SIGUSR1);
  EXPECT_THAT(waiter.join(), SyscallFailsWithErrno(EINTR));
  const auto took = std::chrono::steady_clock::now() - begin;
  EXPECT_EQ(took >= std::chrono::microseconds(usecs), polls_on);
  ASSERT_THAT(sigaction(SIGUSR1, &before, nullptr), SyscallSucceeds());
}

TEST_P(BusyPollTest, AfterPollingInVainWaitsSleepUntilTheNextEvent) {
  constexpr std::uint32_t kShortUs = 100'000;
  poll_for(kShortUs);
  learn();
  const auto processor_time_of_a_wait = [this] {
    const auto before = processor_time_of(current_tid());
    EXPECT_THAT(wait(200), SyscallSucceedsWithValue(0));
    return processor_time_of(current_tid()) - before;
  };
  EXPECT_GE(processor_time_of_a_wait(), std::chrono::microseconds(kShortUs / 2));
  // a guest counts a pause of its host as processor time of whoever runs
  auto least = processor_time_of_a_wait();
  for (int i = 0; i < 4; ++i) least = std::min(least, processor_time_of_a_wait());
  EXPECT_LT(least, std::chrono::microseconds(kShortUs / 2));
  learn();
  EXPECT_GE(processor_time_of_a_wait(), std::chrono::microseconds(kShortUs / 2));
}

TEST_P(BusyPollTest, AWaitSleepsBeforeAnEventTellsOfADevice) {
  poll_for(kLongUs);
  Thread waiter([this] { EXPECT_EQ(wait(kWaitMs), 1); });
  waiter.wait_until_asleep_in_wait();
  post(file_);
  waiter.join();
}

TEST_P(BusyPollTest, AWaitSleepsWithoutParameters) {
  learn();
  learn();
}

TEST_P(BusyPollTest, TheTimeOfTheSystemAppliesToInstancesWithoutTheirOwn) {
  const bool takes_parameter = differs(backend_, Difference::kBusyPollIsAParameter);
  // what the other one says does not matter
  setting_.emplace(takes_parameter ? kModuleParameter : kSysctl, kLongUs);
  learn();
  PollingWaiter waiter([this] { return wait(kWaitMs); });
  waiter.wait_until_it_polls();
  post(file_);
  EXPECT_THAT(waiter.join(), SyscallSucceedsWithValue(1));
  waiter.expect_no_sleep();
}

TEST_P(BusyPollTest, TheTimeOfTheOtherBackendDoesNotApply) {
  const bool takes_parameter = differs(backend_, Difference::kBusyPollIsAParameter);
  setting_.emplace(takes_parameter ? kSysctl : kModuleParameter, kLongUs);
  learn();
  learn();  // sleeps first
}

class BusyPollXpollTest : public XpollOnly {
 protected:
  void SetUp() override {
    XpollOnly::SetUp();
    if (IsSkipped() || HasFatalFailure()) return;
    if (!kernel_polls()) GTEST_SKIP() << "the kernel has no busy polling";
  }

  // Waits by `wait`, which returns once an answer has come, and then without a sleep.
  void expect_polling(const std::function<long()>& wait) const {
    Thread sleeper([&] { EXPECT_EQ(wait(), 1); });
    sleeper.wait_until_asleep_in_wait();
    correspondent_.ask();
    sleeper.join();
    correspondent_.read_answer();
    PollingWaiter waiter(wait);
    waiter.wait_until_it_polls();
    correspondent_.ask();
    EXPECT_THAT(waiter.join(), SyscallSucceedsWithValue(1));
    waiter.expect_no_sleep();
  }

  const Correspondent correspondent_;
};

TEST_F(BusyPollXpollTest, EnterPolls) {
  const unique_fd ep = backend_.instance();
  ASSERT_THAT(set(ep, parameters(kLongUs)), SyscallSucceeds());
  ASSERT_THAT(backend_.add(ep.get(), correspondent_.get(), EPOLLIN | EPOLLET), SyscallSucceeds());
  expect_polling([&] {
    Enter enter(ep.get());
    enter.arguments.timeout_ns = kWaitMs * 1'000'000LL;
    return enter.call();
  });
}

TEST_F(BusyPollXpollTest, ExtendedEventsPoll) {
  const unique_fd ep = backend_.instance();
  ASSERT_THAT(set(ep, parameters(kLongUs)), SyscallSucceeds());
  ASSERT_THAT(backend_.add(ep.get(), correspondent_.get(), EPOLLIN | EPOLLET), SyscallSucceeds());
  expect_polling([&] {
    struct xpoll_event events[2];
    Enter enter(ep.get());
    enter.arguments.events = address(events);
    enter.arguments.maxevents = 2;
    enter.arguments.flags = XPOLL_ENTER_EXTENDED;
    enter.arguments.timeout_ns = kWaitMs * 1'000'000LL;
    return enter.call();
  });
}

TEST_F(BusyPollXpollTest, AWaitUntilATimePolls) {
  const unique_fd ep = backend_.instance();
  ASSERT_THAT(set(ep, parameters(kLongUs)), SyscallSucceeds());
  ASSERT_THAT(backend_.add(ep.get(), correspondent_.get(), EPOLLIN | EPOLLET), SyscallSucceeds());
  expect_polling([&] {
    Enter enter(ep.get());
    enter.arguments.flags = XPOLL_ENTER_ABSTIME;
    enter.arguments.timeout_ns = static_cast<std::int64_t>(monotonic_ns()) + kWaitMs * 1'000'000LL;
    return enter.call();
  });
}

TEST_F(BusyPollXpollTest, AWaitForSeveralPollsOnceOneIsEnough) {
  const unique_fd ep = backend_.instance();
  ASSERT_THAT(set(ep, parameters(kLongUs)), SyscallSucceeds());
  ASSERT_THAT(backend_.add(ep.get(), correspondent_.get(), EPOLLIN | EPOLLET), SyscallSucceeds());
  const auto wait = [&] {
    Enter enter(ep.get());
    enter.arguments.minevents = 2;
    enter.arguments.min_wait_ns = 1;
    enter.arguments.timeout_ns = kWaitMs * 1'000'000LL;
    return enter.call();
  };
  Thread sleeper([&] { EXPECT_EQ(wait(), 1); });
  sleeper.wait_until_asleep_in_wait();
  correspondent_.ask();
  sleeper.join();
  correspondent_.read_answer();
  PollingWaiter waiter(wait);
  // It may have slept until the minimum's time had passed.
  wait_until("the waiter polls",
             [&] { return processor_time_of(waiter.thread().tid()) > milliseconds(30); });
  correspondent_.ask();
  EXPECT_THAT(waiter.join(), SyscallSucceedsWithValue(1));
}

TEST_F(BusyPollXpollTest, AWaitForSeveralLearnsOfTheDevice) {
  const unique_fd ep = backend_.instance();
  ASSERT_THAT(set(ep, parameters(kLongUs)), SyscallSucceeds());
  const Correspondent other;
  for (const Correspondent* correspondent : {&correspondent_, &other})
    ASSERT_THAT(backend_.add(ep.get(), correspondent->get(), EPOLLIN | EPOLLET), SyscallSucceeds());
  const auto wait = [&](unsigned minimum) {
    Enter enter(ep.get());
    enter.arguments.minevents = minimum;
    enter.arguments.timeout_ns = kWaitMs * 1'000'000LL;
    return enter.call();
  };
  Thread several([&] { EXPECT_EQ(wait(2), 2); });
  several.wait_until_asleep_in_wait();
  correspondent_.ask();
  other.ask();
  several.join();
  correspondent_.read_answer();
  PollingWaiter waiter([&] { return wait(1); });
  waiter.wait_until_it_polls();
  correspondent_.ask();
  EXPECT_THAT(waiter.join(), SyscallSucceedsWithValue(1));
}

TEST_F(BusyPollXpollTest, TheBudgetIsThatOfTheInstance) {
  constexpr const char* kTracing = "/sys/kernel/tracing";
  constexpr const char* kEvent = "/sys/kernel/tracing/events/napi/napi_poll/enable";
  if (access(kEvent, W_OK) != 0) GTEST_SKIP() << "no trace events";
  const unique_fd ep = backend_.instance();
  ASSERT_THAT(set(ep, parameters(kLongUs, 5)), SyscallSucceeds());
  ASSERT_THAT(backend_.add(ep.get(), correspondent_.get(), EPOLLIN | EPOLLET), SyscallSucceeds());
  const std::string trace = std::string(kTracing) + "/trace";
  write_file(trace, "");  // forgets what was traced before
  const Setting traced(kEvent, 1);
  expect_polling([&] {
    Enter enter(ep.get());
    enter.arguments.timeout_ns = kWaitMs * 1'000'000LL;
    return enter.call();
  });
  EXPECT_THAT(read_file(trace), testing::HasSubstr(" budget 5\n"));
}

// A kprobe event that records the fourth argument of each napi_busy_loop(), while it lives.
class BusyLoopProbe {
 public:
  BusyLoopProbe() {
    write_file(kProbes, "p:xpoll_test/busy_loop napi_busy_loop prefer=$arg4:u8\n");
    enabled_.emplace("/sys/kernel/tracing/events/xpoll_test/busy_loop/enable", 1);
  }
  BusyLoopProbe(const BusyLoopProbe&) = delete;
  BusyLoopProbe& operator=(const BusyLoopProbe&) = delete;
  ~BusyLoopProbe() {
    enabled_.reset();
    write_file(kProbes, "");
  }

  static bool available() { return access(kProbes, W_OK) == 0; }

 private:
  static constexpr const char* kProbes = "/sys/kernel/tracing/kprobe_events";
  std::optional<Setting> enabled_;
};

class BusyPollPreferenceTest : public BusyPollXpollTest, public testing::WithParamInterface<int> {};
INSTANTIATE_TEST_SUITE_P(, BusyPollPreferenceTest, testing::Values(0, 1));

TEST_P(BusyPollPreferenceTest, IsThatOfTheInstance) {
  if (!BusyLoopProbe::available()) GTEST_SKIP() << "no kprobe events";
  const unique_fd ep = backend_.instance();
  ASSERT_THAT(set(ep, parameters(kLongUs, 0, GetParam())), SyscallSucceeds());
  ASSERT_THAT(backend_.add(ep.get(), correspondent_.get(), EPOLLIN | EPOLLET), SyscallSucceeds());
  write_file("/sys/kernel/tracing/trace", "");  // forgets what was traced before
  const BusyLoopProbe probe;
  expect_polling([&] {
    Enter enter(ep.get());
    enter.arguments.timeout_ns = kWaitMs * 1'000'000LL;
    return enter.call();
  });
  const std::string trace = read_file("/sys/kernel/tracing/trace");
  EXPECT_THAT(trace, testing::HasSubstr(fmt::format(" prefer={}\n", GetParam())));
  EXPECT_THAT(trace, testing::Not(testing::HasSubstr(fmt::format(" prefer={}\n", 1 - GetParam()))));
}

TEST_F(BusyPollXpollTest, TheParameterIsZeroUnlessItWasSet) {
  EXPECT_EQ(read_file(kModuleParameter), "0\n");
}

TEST_F(BusyPollXpollTest, WithoutPrivilegeAUserSetsUpToTheTimeOfTheParameter) {
  if (geteuid() != 0) GTEST_SKIP() << "needs root, to give it up";
  const bool any = has_ioctls(Backend::native());
  const unique_fd ep = backend_.instance();
  const Setting setting(kModuleParameter, 20);
  const auto set_as_nobody = [&](std::uint32_t usecs) {
    Process child([&] {
      become_user(kNobody);
      return set(ep, parameters(usecs));
    });
    return child.join() == 0 ? 0 : errno;
  };
  EXPECT_EQ(set_as_nobody(21), any ? 0 : EPERM);
  ASSERT_THAT(set(ep, parameters(0)), SyscallSucceeds());
  EXPECT_EQ(set_as_nobody(20), 0);
  EXPECT_THAT(get(ep), Parameters(20, 0, 0));
}

// An edge-triggered watch of a socket is told by the ring without a scan, a level-triggered one
// with one.
class BusyPollRingTest : public BusyPollXpollTest {
 protected:
  void expect_polling_of(std::uint32_t events) const {
    const RingInstance ring;
    ASSERT_THAT(set(ring.fd(), parameters(kLongUs)), SyscallSucceeds());
    ASSERT_GE(ring.change(EPOLL_CTL_ADD, correspondent_.get(), events, 0), 0);
    expect_polling([&] {
      const long n = ring.enter(1, kWaitMs * 1'000'000LL);
      EXPECT_EQ(ring.take().size(), 1U);
      return n;
    });
  }
};

TEST_F(BusyPollRingTest, AWaitForAnEdgePolls) { expect_polling_of(EPOLLIN | EPOLLET); }
TEST_F(BusyPollRingTest, AWaitForALevelPolls) { expect_polling_of(EPOLLIN); }

}  // namespace
}  // namespace xpoll::test
