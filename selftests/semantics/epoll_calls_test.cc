// SPDX-License-Identifier: GPL-2.0-only
// epoll's own system calls on xpoll instances. The whole suite with --epoll-calls tests what they
// do. These tests cover who can make them, and from where.
#include "util/epoll_calls.h"

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include <array>
#include <atomic>
#include <csignal>
#include <cstddef>
#include <utility>

#include "tools/util/descriptors.h"
#include "tools/util/eventfd.h"
#include "tools/util/process.h"
#include "tools/util/wait_until.h"
#include "util/descriptor_limit.h"
#include "util/each_backend.h"
#include "util/fault_gate.h"
#include "util/io_ring.h"
#include "util/matchers.h"
#include "util/process.h"
#include "util/raw.h"
#include "util/requires.h"
#include "util/stress.h"
#include "util/thread.h"
#include "util/waiter.h"

namespace xpoll::test {
namespace {

class EpollCallsTest : public XpollOnly {
 protected:
  void SetUp() override {
    XpollOnly::SetUp();
    if (IsSkipped() || HasFatalFailure()) return;
    XPOLL_REQUIRE(can_hook_epoll_calls(), kHookableEpollCalls);
  }
};

TEST_F(EpollCallsTest, TheFeatureIsSetOnceAProcessHasOptedIn) {
  ASSERT_THAT(in_opted_process([] { return 0; }), SyscallSucceeds());
  EXPECT_TRUE(has_epoll_calls());
}

TEST_F(EpollCallsTest, WorkOnAnInstanceThatWasCreatedByIoctlInAProcessThatDidNotOptIn) {
  ASSERT_THAT(in_opted_process([] { return 0; }), SyscallSucceeds());
  const unique_fd ep = backend_.instance();
  const unique_fd ready = make_eventfd(1);
  epoll_event event{.events = EPOLLIN, .data = {.u64 = 7}};
  EXPECT_THAT(epoll_ctl(ep.get(), EPOLL_CTL_ADD, ready.get(), &event), SyscallSucceeds());
  event = {};
  EXPECT_THAT(epoll_wait(ep.get(), &event, 1, -1), SyscallSucceedsWithValue(1));
  EXPECT_THAT(event, Event(7, EPOLLIN));
}

TEST_F(EpollCallsTest, OfANativeInstanceStayNative) {
  ASSERT_THAT(in_opted_process([] { return 0; }), SyscallSucceeds());
  const unique_fd other = backend_.instance();
  const unique_fd ep = Backend::native().instance();
  const unique_fd ready = make_eventfd(1);
  ASSERT_THAT(Backend::native().add(ep.get(), ready.get(), EPOLLIN), SyscallSucceeds());
  EXPECT_THAT(Backend::native().ready(ep.get()), Events(Event(ready.get(), EPOLLIN)));
}

TEST_F(EpollCallsTest, CreateNeedsOneDescriptor) {
  EXPECT_THAT(in_opted_process([] {
                const DescriptorLimit limit = DescriptorLimit::left(1);
                return is_instance(checked(epoll_create1(0), "epoll_create1")) ? 0 : -1;
              }),
              SyscallSucceeds());
  EXPECT_THAT(in_opted_process([] {
                const DescriptorLimit limit = DescriptorLimit::left(0);
                return epoll_create1(0);
              }),
              SyscallFailsWithErrno(EMFILE));
}

// A seccomp filter like that of a sandbox.
void deny_ioctl() {
  std::array program{
      sock_filter{BPF_LD | BPF_W | BPF_ABS, 0, 0, offsetof(seccomp_data, nr)},
      sock_filter{BPF_JMP | BPF_JEQ | BPF_K, 0, 1, SYS_ioctl},
      sock_filter{BPF_RET | BPF_K, 0, 0, SECCOMP_RET_KILL_PROCESS},
      sock_filter{BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW},
  };
  const sock_fprog filter{.len = program.size(), .filter = program.data()};
  checked(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "PR_SET_NO_NEW_PRIVS");
  checked(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter), "seccomp");
}

// Returns the result of epoll_wait for one ready eventfd, or -1.
int create_add_and_wait() {
  const unique_fd ep(epoll_create1(EPOLL_CLOEXEC));
  const unique_fd ready = make_eventfd(1);
  epoll_event event{.events = EPOLLIN, .data = {}};
  if (!is_instance(ep.get()) || epoll_ctl(ep.get(), EPOLL_CTL_ADD, ready.get(), &event) < 0)
    return -1;
  return epoll_wait(ep.get(), &event, 1, -1);
}

TEST_F(EpollCallsTest, ASandboxThatDeniesIoctlLeavesThem) {
  if (access("/proc/sys/kernel/seccomp", F_OK) != 0) GTEST_SKIP() << "no seccomp filters";
  EXPECT_THAT(in_opted_process([] {
                deny_ioctl();
                return create_add_and_wait();
              }),
              SyscallSucceedsWithValue(1));
}

TEST_F(EpollCallsTest, WorkInA32BitProgram) {
  EXPECT_EQ(in_opted_process([] {
              const auto abi32 =
                  std::filesystem::read_symlink("/proc/self/exe").replace_filename("abi32");
              return xpoll::run({abi32, "epoll-calls"}).status;
            }),
            0);
}

TEST_F(EpollCallsTest, AWaitWhoseDescriptorIsClosedByAnotherThreadGoesOn) {
  EXPECT_THAT(in_opted_process([] {
                const unique_fd late = make_eventfd();
                epoll_event event{.events = EPOLLIN, .data = {}};
                int ep = epoll_create1(EPOLL_CLOEXEC);
                checked(epoll_ctl(ep, EPOLL_CTL_ADD, late.get(), &event), "add");
                int result = -1;
                Thread waiter([&] { result = epoll_wait(ep, &event, 1, -1); });
                waiter.wait_until_asleep_in_wait();
                close(ep);
                post(late);
                waiter.join();
                return result;
              }),
              SyscallSucceedsWithValue(1));
}

// What the calls of threads met under a number: an instance, a native instance, an eventfd,
// nothing.
class Met {
 public:
  // `unwatched` is a file that no instance watches.
  void call(int fd, int unwatched) {
    epoll_event event{.events = EPOLLIN, .data = {}};
    const int waited = epoll_wait(fd, &event, 1, 0);
    if (waited == 1 && event.data.u64 == kInstance) ++instance_;
    if (waited == 1 && event.data.u64 == kNative) ++native_;
    if (waited < 0 && errno == EINVAL) ++other_;
    if (waited < 0 && errno == EBADF) ++closed_;
    if (waited < 0 && errno != EINVAL && errno != EBADF) ++wrong_;
    const int removed = epoll_ctl(fd, EPOLL_CTL_DEL, unwatched, nullptr);
    if (removed == 0 || (errno != EBADF && errno != EINVAL && errno != ENOENT)) ++wrong_;
  }
  bool each() const { return instance_ > 0 && native_ > 0 && other_ > 0 && closed_ > 0; }
  int wrong() const { return wrong_; }

  static constexpr std::uint64_t kInstance = 1;
  static constexpr std::uint64_t kNative = 2;

 private:
  std::atomic<int> instance_{0};
  std::atomic<int> native_{0};
  std::atomic<int> other_{0};
  std::atomic<int> closed_{0};
  std::atomic<int> wrong_{0};
};

TEST_F(EpollCallsTest, WhileOtherThreadsReplaceTheDescriptorMeetOneOrTheOther) {
  const int rounds = stress_rounds(2000);
  const unique_fd counter = make_eventfd(1);
  const unique_fd unwatched = make_eventfd();
  const auto watch_counter = [&](const unique_fd& ep, std::uint64_t data) {
    epoll_event event{.events = EPOLLIN, .data = {.u64 = data}};
    checked(epoll_ctl(ep.get(), EPOLL_CTL_ADD, counter.get(), &event), "epoll_ctl");
  };
  const unique_fd native = Backend::native().instance();
  watch_counter(native, Met::kNative);
  EXPECT_THAT(in_opted_process([&] {
                const unique_fd instance(checked_fd(epoll_create1(EPOLL_CLOEXEC), "create"));
                watch_counter(instance, Met::kInstance);
                const int fd = checked(dup(instance.get()), "dup");
                Met met;
                std::atomic<bool> stop{false};
                const auto call = [&] {
                  while (!stop) met.call(fd, unwatched.get());
                };
                Thread one(call);
                Thread other(call);
                const SetAtExit end(stop);
                for (int i = 0; i < rounds || !met.each(); ++i) {
                  checked(dup2(native.get(), fd), "dup2");
                  checked(dup2(counter.get(), fd), "dup2");
                  checked(dup2(instance.get(), fd), "dup2");
                  checked(close(fd), "close");
                }
                return met.wrong();
              }),
              SyscallSucceedsWithValue(0));
}

// IORING_OP_EPOLL_CTL on both kinds of instances.
class EpollCallsRingTest : public EachBackend {
 protected:
  void SetUp() override {
    EachBackend::SetUp();
    if (IsSkipped() || HasFatalFailure()) return;
    XPOLL_REQUIRE(IoRing::available_to_child(), "io_uring");
    XPOLL_REQUIRE(can_hook_epoll_calls(), kHookableEpollCalls);
    ASSERT_THAT(in_opted_process([] { return 0; }), SyscallSucceeds());
    ep_ = backend_.instance();
  }

  io_uring_sqe request(int op, int fd, const epoll_event* event, unsigned flags) const {
    io_uring_sqe request{};
    request.opcode = IORING_OP_EPOLL_CTL;
    request.flags = static_cast<std::uint8_t>(flags);
    request.fd = ep_.get();
    request.off = static_cast<std::uint64_t>(fd);
    request.len = static_cast<std::uint32_t>(op);
    request.addr = address(event);
    return request;
  }

  // Returns the request's result. It runs in a child, because closing a ring interrupts its owner's
  // waits.
  int complete(int op, int fd, const epoll_event* event, unsigned flags, unsigned setup = 0) {
    Process child([&] {
      IoRing ring(setup);
      ring.submit(request(op, fd, event, flags));
      const int result = ring.complete(1).at(0).res;
      errno = -result;
      return result < 0 ? -1 : result;
    });
    return child.join();
  }

  unique_fd ep_;
  const unique_fd ready_ = make_eventfd(1);
};
XPOLL_FOR_EACH_BACKEND(EpollCallsRingTest);

TEST_P(EpollCallsRingTest, AddsChangesAndRemoves) {
  struct Way {
    const char* name;
    unsigned flags;
    unsigned setup;
  };
  constexpr Way kWays[] = {{"by the submitter", 0, 0},
                           {"by a worker of the kernel", IOSQE_ASYNC, 0},
                           {"by a thread that polls for requests", 0, IORING_SETUP_SQPOLL}};
  for (const auto& [name, flags, setup] : kWays) {
    SCOPED_TRACE(name);
    epoll_event event{.events = EPOLLIN, .data = {.u64 = 3}};
    EXPECT_THAT(complete(EPOLL_CTL_ADD, ready_.get(), &event, flags, setup),
                SyscallSucceedsWithValue(0));
    EXPECT_THAT(backend_.ready(ep_.get()), Events(Event(3, EPOLLIN)));
    event = {.events = EPOLLOUT, .data = {.u64 = 4}};
    EXPECT_THAT(complete(EPOLL_CTL_MOD, ready_.get(), &event, flags, setup),
                SyscallSucceedsWithValue(0));
    EXPECT_THAT(backend_.ready(ep_.get()), Events(Event(4, EPOLLOUT)));
    EXPECT_THAT(complete(EPOLL_CTL_DEL, ready_.get(), nullptr, flags, setup),
                SyscallSucceedsWithValue(0));
    EXPECT_THAT(backend_.ready(ep_.get()), NoEvents());
  }
}

TEST_P(EpollCallsRingTest, AddsAnInstanceToAnInstance) {
  const unique_fd below = backend_.instance();
  epoll_event event{.events = EPOLLIN, .data = {.u64 = 3}};
  EXPECT_THAT(complete(EPOLL_CTL_ADD, below.get(), &event, 0), SyscallSucceedsWithValue(0));
  ASSERT_THAT(backend_.add(below.get(), ready_.get(), EPOLLIN), SyscallSucceeds());
  EXPECT_THAT(backend_.ready(ep_.get()), Events(Event(3, EPOLLIN)));
}

// Another thread's scan has the instance meanwhile, for as long as the test wants.
TEST_P(EpollCallsRingTest, ASubmissionDoesNotWaitForAScan) {
  XPOLL_REQUIRE(FaultGate::available(), "userfaultfd");
  ASSERT_THAT(backend_.add(ep_.get(), ready_.get(), EPOLLIN), SyscallSucceeds());
  const unique_fd second = make_eventfd(1);
  const unique_fd below = backend_.instance();
  const std::array changes{
      std::pair(EPOLL_CTL_ADD, second.get()), std::pair(EPOLL_CTL_MOD, second.get()),
      std::pair(EPOLL_CTL_DEL, second.get()), std::pair(EPOLL_CTL_ADD, below.get())};
  for (const auto& [op, fd] : changes) {
    SCOPED_TRACE(op);
    std::atomic<bool> submitted{false};
    int result = -1;
    FaultGate gate;
    Waiter waiter(backend_, ep_.get(), gate.array_gated_at(0), 1);
    gate.wait_until_reached();
    epoll_event event{.events = EPOLLIN, .data = {.u64 = 5}};
    Thread submitter([&, op = op, fd = fd] {
      IoRing ring;
      ring.submit(request(op, fd, &event, 0));
      submitted = true;
      result = ring.complete(1).at(0).res;
    });
    {
      const OpenAtExit open(gate);
      wait_until("the submission", [&] { return submitted.load(); });
    }
    submitter.join();
    EXPECT_EQ(result, 0);
    EXPECT_THAT(waiter.join(), SyscallSucceedsWithValue(1));
  }
}

// IORING_OP_EPOLL_WAIT, which older headers lack.
constexpr std::uint8_t kEpollWait = 59;

class EpollWaitRingTest : public EpollCallsRingTest {
 protected:
  void SetUp() override {
    EpollCallsRingTest::SetUp();
    if (IsSkipped() || HasFatalFailure()) return;
    const unique_fd native = Backend::native().instance();
    Process probe([&] {
      IoRing ring;
      ring.submit(wait_request(native, 1));
      eventfd_write(ready_.get(), 1);
      epoll_event event{.events = EPOLLIN, .data = {}};
      checked(epoll_ctl(native.get(), EPOLL_CTL_ADD, ready_.get(), &event), "epoll_ctl");
      return ring.complete(1).at(0).res == -EINVAL ? -1 : 0;
    });
    if (probe.join() < 0) GTEST_SKIP() << "this kernel's io_uring does not wait for epoll";
  }

  io_uring_sqe wait_request(const unique_fd& ep, unsigned maxevents) {
    io_uring_sqe request{};
    request.opcode = kEpollWait;
    request.fd = ep.get();
    request.len = maxevents;
    request.addr = reinterpret_cast<std::uint64_t>(events_);
    return request;
  }

  epoll_event events_[2]{};
};
XPOLL_FOR_EACH_BACKEND(EpollWaitRingTest);

TEST_P(EpollWaitRingTest, TakesWhatIsReady) {
  ASSERT_THAT(backend_.add(ep_.get(), ready_.get(), EPOLLIN, 3), SyscallSucceeds());
  Process child([&] {
    IoRing ring;
    ring.submit(wait_request(ep_, 2));
    const int result = ring.complete(1).at(0).res;
    return result == 1 && events_[0].events == EPOLLIN && events_[0].data.u64 == 3 ? 0 : -1;
  });
  EXPECT_THAT(child.join(), SyscallSucceeds());
}

TEST_P(EpollWaitRingTest, CompletesWhenSomethingBecomesReady) {
  const unique_fd later = make_eventfd();
  ASSERT_THAT(backend_.add(ep_.get(), later.get(), EPOLLIN, 4), SyscallSucceeds());
  Process child([&] {
    IoRing ring;
    ring.submit(wait_request(ep_, 1));
    post(later);
    const int result = ring.complete(1).at(0).res;
    return result == 1 && events_[0].data.u64 == 4 ? 0 : -1;
  });
  EXPECT_THAT(child.join(), SyscallSucceeds());
}

TEST_P(EpollWaitRingTest, FailsAsTheSystemCallDoes) {
  Process child([&] {
    IoRing ring;
    ring.submit(wait_request(ep_, 0));
    return ring.complete(1).at(0).res == -EINVAL ? 0 : -1;
  });
  EXPECT_THAT(child.join(), SyscallSucceeds());
}

TEST_P(EpollCallsRingTest, FailsAsTheSystemCallDoes) {
  epoll_event event{.events = EPOLLIN, .data = {}};
  EXPECT_THAT(complete(EPOLL_CTL_ADD, -1, &event, 0), SyscallFailsWithErrno(EBADF));
  EXPECT_THAT(complete(EPOLL_CTL_ADD, ep_.get(), &event, 0), SyscallFailsWithErrno(EINVAL));
  EXPECT_THAT(complete(EPOLL_CTL_MOD, ready_.get(), &event, 0), SyscallFailsWithErrno(ENOENT));
  EXPECT_THAT(complete(EPOLL_CTL_DEL, ready_.get(), nullptr, 0), SyscallFailsWithErrno(ENOENT));
  EXPECT_THAT(complete(EPOLL_CTL_ADD, ready_.get(), nullptr, 0), SyscallFailsWithErrno(EFAULT));
}

}  // namespace
}  // namespace xpoll::test
