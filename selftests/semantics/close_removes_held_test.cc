// SPDX-License-Identifier: GPL-2.0-only
// A descriptor is closed while another thread is in a scan of the instance and stopped there, for
// as long as it wants: the close must not wait for it. It may run under locks that others need.
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <functional>
#include <optional>
#include <utility>

#include "tools/util/eventfd.h"
#include "tools/util/sockets.h"
#include "tools/util/wait_until.h"
#include "util/close_removes.h"
#include "util/cookie.h"
#include "util/fault_gate.h"
#include "util/fd_passing.h"
#include "util/matchers.h"
#include "util/process.h"
#include "util/requires.h"
#include "util/stats.h"
#include "util/task_state.h"
#include "util/thread.h"
#include "util/waiter.h"

namespace xpoll::test {
namespace {

class CloseRemovesHeldTest : public CloseRemovesTest {
 protected:
  void SetUp() override {
    XPOLL_REQUIRE(FaultGate::available(), "userfaultfd");
    CloseRemovesTest::SetUp();
    if (HasFatalFailure() || IsSkipped()) return;
    gate_.emplace();
    ep_ = instance();
    file_ = make_eventfd(1);
    number_ = checked(fcntl(file_.get(), F_DUPFD_CLOEXEC, 0), "F_DUPFD_CLOEXEC");
    checked(backend_.add(ep_.get(), front_.get(), EPOLLIN), "add of what is ready first");
    checked(add(ep_.get(), number_), "add of the number");
  }
  void TearDown() override { open_gate(); }

  // A scan stops when it stores the event of `front_`.
  void stop_a_scan() {
    scan_.emplace(backend_, ep_.get(), gated_array(), 4, 0);
    wait_until_stopped();
  }
  epoll_event* gated_array() const { return gate_->array_gated_at(0); }
  void wait_until_stopped() {
    closed_ = true;
    gate_->wait_until_reached();
  }
  void open_gate() {
    if (closed_) gate_->open();
    closed_ = false;
  }
  void let_the_scan_go(int events) {
    open_gate();
    EXPECT_THAT(scan_->join(), SyscallSucceedsWithValue(events));
  }
  bool is_watched(int number) const {
    return std::ranges::any_of(watches_of(ep_.get()),
                               [&](const Watch& watch) { return watch.fd == number; });
  }

  // Opens the gate if the test fails meanwhile, so that its threads end.
  class Guard {
   public:
    explicit Guard(CloseRemovesHeldTest& test) : test_(&test) {}
    Guard(const Guard&) = delete;
    Guard& operator=(const Guard&) = delete;
    ~Guard() {
      if (test_ != nullptr) test_->open_gate();
    }
    void dismiss() { test_ = nullptr; }

   private:
    CloseRemovesHeldTest* test_;
  };

  void expect_to_return(const char* what, const std::function<void()>& body) {
    std::atomic<bool> returned = false;
    Thread thread([&] {
      body();
      returned = true;
    });
    Guard guard(*this);
    wait_until(what, [&] { return returned.load(); });
    guard.dismiss();
    thread.join();
  }
  void expect_close_to_return() {
    expect_to_return("the close returned", [&] { ::close(number_); });
  }

  const unique_fd front_ = make_eventfd(1);
  unique_fd ep_;
  unique_fd file_;   // keeps the file open
  int number_ = -1;  // the watched one

 private:
  std::optional<FaultGate> gate_;
  bool closed_ = false;
  std::optional<Waiter> scan_;
};
XPOLL_CLOSE_REMOVES(CloseRemovesHeldTest);

TEST_P(CloseRemovesHeldTest, CloseReturnsAndTheScanDeliversNoEventOfIt) {
  stop_a_scan();
  expect_close_to_return();
  let_the_scan_go(1);
  EXPECT_THAT(backend_.ready(ep_.get()), Events(Event(front_.get(), EPOLLIN)));
  EXPECT_FALSE(is_watched(number_));
}

TEST_P(CloseRemovesHeldTest, Dup2OverItReturns) {
  const unique_fd other = make_eventfd(1);
  stop_a_scan();
  expect_to_return("dup2 returned", [&] { dup2(other.get(), number_); });
  let_the_scan_go(1);
  EXPECT_FALSE(is_watched(number_));
  EXPECT_THAT(add(ep_.get(), number_), SyscallSucceeds());
}

TEST_P(CloseRemovesHeldTest, KillOfTheProcessThatAddedItEndsIt) {
  Process child([&] { return add(ep_.get(), dup(file_.get())) < 0 ? -1 : pause(); });
  wait_until("the child's watch", [&] { return watch_count(ep_.get()) == 3; });
  stop_a_scan();
  expect_to_return("the child was killed", [&] { child.kill_and_reap(); });
  let_the_scan_go(2);
  EXPECT_EQ(watch_count(ep_.get()), 2U);
}

TEST_P(CloseRemovesHeldTest, NumberOfTheSameFileCanBeAddedAgain) {
  stop_a_scan();
  expect_close_to_return();
  ASSERT_THAT(dup2(file_.get(), number_), SyscallSucceedsWithValue(number_));
  int result = -1;
  int error = 0;
  Thread adder([&] {
    result = add(ep_.get(), number_);
    error = errno;
  });
  Guard guard(*this);
  wait_until_blocked_in_ioctl(adder.tid());
  guard.dismiss();
  let_the_scan_go(1);
  adder.join();
  EXPECT_EQ(result, 0) << errno_text(error);
  EXPECT_THAT(backend_.ready(ep_.get()),
              Events(Event(front_.get(), EPOLLIN), Event(number_, EPOLLIN)));
}

TEST_P(CloseRemovesHeldTest, LastCloseOfTheFileFindsTheClosedOne) {
  stop_a_scan();
  expect_close_to_return();
  Thread closer([&] { file_.reset(); });
  Guard guard(*this);
  wait_until_blocked_in(SYS_close, closer.tid());
  guard.dismiss();
  let_the_scan_go(1);
  closer.join();
  EXPECT_EQ(watch_count(ep_.get()), 1U);
}

TEST_P(CloseRemovesHeldTest, InstanceCanBeClosedAfterIt) {
  stop_a_scan();
  expect_close_to_return();
  ep_.reset();
  let_the_scan_go(1);
}

// A watch that is about to be removed must not keep a wake-up from the others: of two tasks in the
// first instance one sleeps, and could take it.
TEST_P(CloseRemovesHeldTest, ClosedExclusiveWatchTakesNoWakeUp) {
  const unique_fd empty = make_eventfd();
  const int exclusive = checked(dup(empty.get()), "dup");
  ASSERT_THAT(add(ep_.get(), exclusive, EPOLLIN | EPOLLEXCLUSIVE), SyscallSucceeds());
  const unique_fd second = instance();
  ASSERT_THAT(add(second.get(), empty.get(), EPOLLIN | EPOLLEXCLUSIVE), SyscallSucceeds());
  take(front_);
  ::close(number_);
  Waiter one(backend_, ep_.get(), gated_array(), 1);
  Waiter two(backend_, ep_.get(), gated_array(), 1);
  Waiter other(backend_, second.get());
  for (const Waiter* waiter : {&one, &two, &other}) waiter->wait_until_asleep();
  Guard guard(*this);
  post(front_);
  wait_until_stopped();
  expect_to_return("the close returned", [&] { ::close(exclusive); });
  post(empty);
  EXPECT_THAT(other.join(), SyscallSucceedsWithValue(1));
  guard.dismiss();
  open_gate();
  EXPECT_THAT(one.join(), SyscallSucceedsWithValue(1));
  EXPECT_THAT(two.join(), SyscallSucceedsWithValue(1));
}

// Only the end of the second watch can wake the second waiter.
TEST_P(CloseRemovesHeldTest, AWaiterIsToldOfTheEndOnceTheScanIsOver) {
  const unique_fd empty = make_eventfd();
  const int telling = checked(dup(empty.get()), "dup");
  ASSERT_TRUE(
      add_with_cookie(ep_.get(), telling, EPOLLIN, 5, XPOLL_CHANGE_CLOSE | XPOLL_CHANGE_REMOVED));
  take(front_);
  checked(backend_.mod(ep_.get(), front_.get(), EPOLLIN | EPOLLET), "mod");
  ::close(number_);
  Waiter one(backend_, ep_.get(), gated_array(), 1);
  Waiter two(backend_, ep_.get(), gated_array(), 1);
  for (const Waiter* waiter : {&one, &two}) waiter->wait_until_asleep();
  Guard guard(*this);
  post(front_);
  wait_until_stopped();
  expect_to_return("the close returned", [&] { ::close(telling); });
  guard.dismiss();
  open_gate();
  EXPECT_THAT(one.join(), SyscallSucceedsWithValue(1));
  EXPECT_THAT(two.join(), SyscallSucceedsWithValue(1));
  EXPECT_THAT(gated_array()[0], Event(5, XPOLL_EVENT_REMOVED));
}

constexpr int kSupervised = 200;
constexpr long kAnswer = 7;

// Installs a filter that asks a supervisor about getppid(2). Returns the supervisor's descriptor.
int install_filter() {
  std::array<sock_filter, 4> code{
      sock_filter BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
      sock_filter BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_getppid, 0, 1),
      sock_filter BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF),
      sock_filter BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  const sock_fprog program{static_cast<unsigned short>(code.size()), code.data()};
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0) return -1;
  return static_cast<int>(
      syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER, &program));
}

// The kernel closes the number in the supervised process with the lock held that poll() of the
// supervisor's descriptor takes, and the stopped scan could be in that poll().
TEST_P(CloseRemovesHeldTest, SeccompSupervisorMayReplaceIt) {
  const __u32 action = SECCOMP_RET_USER_NOTIF;
  if (syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action) < 0)
    GTEST_SKIP() << "no seccomp notifications";
  std::pair<unique_fd, unique_fd> sockets = unix_pair();
  const unique_fd& receiver = sockets.second;
  Process child([&] {
    if (dup2(file_.get(), kSupervised) < 0 || add(ep_.get(), kSupervised) < 0) return -1;
    const unique_fd listener(install_filter());
    if (!listener.valid() || send_with_fd(sockets.first.get(), listener.get()) < 0) return -1;
    return static_cast<int>(syscall(SYS_getppid));
  });
  sockets.first.reset();
  pollfd arrived{.fd = receiver.get(), .events = POLLIN, .revents = 0};
  checked(poll(&arrived, 1, -1), "poll");
  const unique_fd listener = recv_fd(receiver);
  ASSERT_THAT(backend_.add(ep_.get(), listener.get(), EPOLLIN), SyscallSucceeds());
  seccomp_notif question{};
  checked(ioctl(listener.get(), SECCOMP_IOCTL_NOTIF_RECV, &question), "NOTIF_RECV");
  stop_a_scan();
  seccomp_notif_addfd addition{};
  addition.id = question.id;
  addition.flags = SECCOMP_ADDFD_FLAG_SETFD;
  addition.srcfd = static_cast<__u32>(front_.get());
  addition.newfd = kSupervised;
  int added = -1;
  expect_to_return("ADDFD returned",
                   [&] { added = ioctl(listener.get(), SECCOMP_IOCTL_NOTIF_ADDFD, &addition); });
  EXPECT_EQ(added, kSupervised);
  let_the_scan_go(2);
  EXPECT_FALSE(is_watched(kSupervised));
  EXPECT_TRUE(is_watched(number_));
  seccomp_notif_resp answer{};
  answer.id = question.id;
  answer.val = kAnswer;
  checked(ioctl(listener.get(), SECCOMP_IOCTL_NOTIF_SEND, &answer), "NOTIF_SEND");
  EXPECT_THAT(child.join(), SyscallSucceedsWithValue(kAnswer));
}

}  // namespace
}  // namespace xpoll::test
