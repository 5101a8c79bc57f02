// SPDX-License-Identifier: GPL-2.0-only
// What does not end a watch that ends with its descriptor: closes of other descriptors of its file.
#include <fcntl.h>
#include <linux/close_range.h>
#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <vector>

#include "tools/util/eventfd.h"
#include "tools/util/sockets.h"
#include "tools/util/wait_until.h"
#include "util/close_removes.h"
#include "util/fd_passing.h"
#include "util/matchers.h"
#include "util/process.h"
#include "util/thread.h"

namespace xpoll::test {
namespace {

class CloseRemovesKeepTest : public CloseRemovesTest {
 protected:
  void SetUp() override {
    CloseRemovesTest::SetUp();
    ep_ = instance();
    file_ = make_eventfd(1);
    ASSERT_THAT(add(ep_.get(), file_.get()), SyscallSucceeds());
  }
  void TearDown() override {
    if (!ep_.valid()) return;
    EXPECT_THAT(backend_.ready(ep_.get()), Events(Event(file_.get(), EPOLLIN)));
    // The watch still ends with its own number.
    const unique_fd dup = duplicate(file_);
    file_.reset();
    EXPECT_EQ(watch_count(ep_.get()), 0U);
  }

  unique_fd ep_;
  unique_fd file_;
};
XPOLL_CLOSE_REMOVES(CloseRemovesKeepTest);

TEST_P(CloseRemovesKeepTest, CloseOfADup) { duplicate(file_).reset(); }

TEST_P(CloseRemovesKeepTest, CloseOfAWatchedDup) {
  unique_fd dup = duplicate(file_);
  ASSERT_THAT(add(ep_.get(), dup.get()), SyscallSucceeds());
  dup.reset();
}

TEST_P(CloseRemovesKeepTest, Dup2OverADup) {
  const unique_fd dup = duplicate(file_);
  const unique_fd other = make_eventfd();
  ASSERT_THAT(dup2(other.get(), dup.get()), SyscallSucceeds());
}

TEST_P(CloseRemovesKeepTest, Dup2OfTheSameFileOntoTheNumber) {
  const unique_fd dup = duplicate(file_);
  ASSERT_THAT(dup2(dup.get(), file_.get()), SyscallSucceeds());
}

TEST_P(CloseRemovesKeepTest, ForkedChildClosesItsCopy) {
  Process child([&] { return ::close(file_.get()); });
  EXPECT_THAT(child.join(), SyscallSucceeds());
}

TEST_P(CloseRemovesKeepTest, ForkedChildReplacesItsCopy) {
  Process child([&] { return dup2(ep_.get(), file_.get()); });
  EXPECT_THAT(child.join(), SyscallSucceeds());
}

TEST_P(CloseRemovesKeepTest, ForkedChildIsKilled) {
  Process child([] { return pause(); });
  child.kill_and_reap();
}

TEST_P(CloseRemovesKeepTest, ThreadWithATableOfItsOwnClosesItsCopy) {
  Thread thread([&] {
    checked(unshare(CLONE_FILES), "unshare");
    ::close(file_.get());
  });
  thread.join();
}

// The thread gets a table of its own, without the number, which stays in the table of the others.
TEST_P(CloseRemovesKeepTest, ThreadUnsharesItsTableByCloseRange) {
  Thread thread([&] {
    const auto number = static_cast<unsigned>(file_.get());
    checked(close_range(number, number, CLOSE_RANGE_UNSHARE), "close_range");
  });
  thread.join();
}

TEST_P(CloseRemovesKeepTest, ReceiverOfTheFileClosesItsNumber) {
  const auto [sender, receiver] = unix_pair();
  send_fd(sender, file_.get());
  recv_fd(receiver).reset();
}

TEST_P(CloseRemovesKeepTest, FileInFlightIsDropped) {
  auto [sender, receiver] = unix_pair();
  send_fd(sender, file_.get());
  sender.reset();
  receiver.reset();
}

TEST_P(CloseRemovesKeepTest, PidfdGetfdOfTheFileIsClosed) {
  const unique_fd self =
      checked_fd(static_cast<int>(syscall(SYS_pidfd_open, getpid(), 0)), "pidfd_open");
  checked_fd(static_cast<int>(syscall(SYS_pidfd_getfd, self.get(), file_.get(), 0)), "pidfd_getfd")
      .reset();
}

TEST_P(CloseRemovesKeepTest, AnotherFileUnderAnotherNumberIsClosed) {
  unique_fd other = make_eventfd(1);
  ASSERT_THAT(add(ep_.get(), other.get()), SyscallSucceeds());
  other.reset();
}

TEST_P(CloseRemovesKeepTest, SecondInstanceThatWatchesItIsClosed) {
  unique_fd second = instance();
  ASSERT_THAT(add(second.get(), file_.get()), SyscallSucceeds());
  second.reset();
}

TEST_P(CloseRemovesKeepTest, WatchInAnotherProcessEnds) {
  // The child's watch has the same file and number in the same instance, in place of this one.
  ASSERT_THAT(backend_.del(ep_.get(), file_.get()), SyscallSucceeds());
  Process child([&] { return add(ep_.get(), file_.get()); });
  ASSERT_THAT(child.join(), SyscallSucceeds());
  EXPECT_EQ(watch_count(ep_.get()), 0U);
  ASSERT_THAT(add(ep_.get(), file_.get()), SyscallSucceeds());
}

TEST_P(CloseRemovesKeepTest, ExecOfADescriptorThatStaysOpen) {
  // Another process and another file than the fixture's: the descriptor must survive exec.
  const unique_fd file = make_eventfd(1);
  const Pipe input = make_pipe(O_CLOEXEC);
  const unique_fd inherited = checked_fd(dup(file.get()), "dup");  // not close-on-exec
  Process child([&] {
    if (add(ep_.get(), inherited.get()) < 0 || dup2(input.reader.get(), STDIN_FILENO) < 0)
      return -1;
    return execl("/bin/cat", "cat", nullptr);
  });
  child.wait_until_executed("cat");
  EXPECT_EQ(watch_count(ep_.get()), 2U);
  child.kill_and_reap();
  EXPECT_EQ(watch_count(ep_.get()), 1U);
}

}  // namespace
}  // namespace xpoll::test
