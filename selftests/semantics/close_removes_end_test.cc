// SPDX-License-Identifier: GPL-2.0-only
// What ends a watch that ends with its descriptor, while the file stays open.
#include <fcntl.h>
#include <linux/close_range.h>
#include <sched.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <vector>

#include "tools/util/eventfd.h"
#include "tools/util/sockets.h"
#include "tools/util/wait_until.h"
#include "tools/util/watch_limit.h"
#include "util/close_removes.h"
#include "util/descriptor_limit.h"
#include "util/fd_passing.h"
#include "util/io_ring.h"
#include "util/matchers.h"
#include "util/process.h"
#include "util/requires.h"
#include "util/thread.h"

namespace xpoll::test {
namespace {

class CloseRemovesEndTest : public CloseRemovesTest {
 protected:
  void SetUp() override {
    CloseRemovesTest::SetUp();
    ep_ = instance();
    file_ = make_eventfd(1);
    number_ = checked(fcntl(file_.get(), F_DUPFD_CLOEXEC, 0), "F_DUPFD_CLOEXEC");
    ASSERT_THAT(add(ep_.get(), number_), SyscallSucceeds());
    ASSERT_THAT(backend_.ready(ep_.get()), Events(Event(number_, EPOLLIN)));
  }

  void expect_ended() const {
    EXPECT_EQ(watch_count(ep_.get()), 0U);
    post(file_);
    EXPECT_THAT(backend_.ready(ep_.get()), NoEvents());
  }

  unique_fd ep_;
  unique_fd file_;   // keeps the file open
  int number_ = -1;  // the watched one
};
XPOLL_CLOSE_REMOVES(CloseRemovesEndTest);

TEST_P(CloseRemovesEndTest, Close) {
  ::close(number_);
  expect_ended();
}

TEST_P(CloseRemovesEndTest, CloseWhileAForkedChildHasACopy) {
  file_.reset();
  const Pipe end = make_pipe(O_CLOEXEC);
  Process child([&] {
    // The file is still open when the parent has closed its descriptor.
    char byte;
    if (read(end.reader.get(), &byte, 1) < 0) return -1;
    return fcntl(number_, F_GETFD);
  });
  ::close(number_);
  EXPECT_EQ(watch_count(ep_.get()), 0U);
  EXPECT_THAT(backend_.ready(ep_.get()), NoEvents());
  write_all(end.writer, "x");
  EXPECT_THAT(child.join(), SyscallSucceeds());
}

TEST_P(CloseRemovesEndTest, Dup2OfAnotherFileOntoTheNumber) {
  const unique_fd other = make_eventfd(1);
  ASSERT_THAT(dup2(other.get(), number_), SyscallSucceedsWithValue(number_));
  expect_ended();
  // The number means another file, which can be watched.
  EXPECT_THAT(add(ep_.get(), number_), SyscallSucceeds());
  EXPECT_THAT(backend_.ready(ep_.get()), Events(Event(number_, EPOLLIN)));
}

TEST_P(CloseRemovesEndTest, Dup3OfAnotherFileOntoTheNumber) {
  const unique_fd other = make_eventfd(1);
  ASSERT_THAT(dup3(other.get(), number_, O_CLOEXEC), SyscallSucceedsWithValue(number_));
  expect_ended();
}

TEST_P(CloseRemovesEndTest, CloseRange) {
  const auto number = static_cast<unsigned>(number_);
  ASSERT_THAT(close_range(number, number, 0), SyscallSucceeds());
  expect_ended();
}

// The table is nobody else's, so there is nothing to unshare.
TEST_P(CloseRemovesEndTest, CloseRangeThatUnsharesAPrivateTable) {
  ::close(number_);
  Process child([&] {
    number_ = dup(file_.get());
    if (add(ep_.get(), number_) < 0) return -1;
    const auto number = static_cast<unsigned>(number_);
    if (close_range(number, number, CLOSE_RANGE_UNSHARE) < 0) return -1;
    return static_cast<int>(watch_count(ep_.get()));
  });
  EXPECT_THAT(child.join(), SyscallSucceedsWithValue(0));
  expect_ended();
}

TEST_P(CloseRemovesEndTest, CloseByIoUring) {
  XPOLL_REQUIRE(IoRing::available(), "io_uring");
  IoRing ring;
  io_uring_sqe request{};
  request.opcode = IORING_OP_CLOSE;
  request.fd = number_;
  ring.submit(request);
  EXPECT_EQ(ring.complete(1).front().res, 0);
  expect_ended();
}

TEST_P(CloseRemovesEndTest, CloseByAnotherThread) {
  Thread closer([&] { ::close(number_); });
  closer.join();
  expect_ended();
}

TEST_P(CloseRemovesEndTest, CloseByAProcessThatSharesTheTable) {
  const auto pid = static_cast<pid_t>(
      checked(static_cast<int>(syscall(SYS_clone, CLONE_FILES | SIGCHLD, 0, 0, 0, 0)), "clone"));
  if (pid == 0) {
    ::close(number_);
    _exit(0);
  }
  checked(waitpid(pid, nullptr, 0), "waitpid");
  expect_ended();
}

TEST_P(CloseRemovesEndTest, ExitOfTheProcessThatAddedIt) {
  ::close(number_);
  Process child([&] { return add(ep_.get(), file_.get()); });
  ASSERT_THAT(child.join(), SyscallSucceeds());
  expect_ended();
}

TEST_P(CloseRemovesEndTest, ExitWithManyNumbersOfOneFile) {
  constexpr int kNumbers = 200;
  ::close(number_);
  Process child([&] {
    for (int i = 0; i < kNumbers; ++i)
      if (add(ep_.get(), dup(file_.get())) < 0) return -1;
    return static_cast<int>(watch_count(ep_.get()));
  });
  ASSERT_THAT(child.join(), SyscallSucceedsWithValue(kNumbers));
  expect_ended();
}

// The process goes on, with the table of the other threads.
TEST_P(CloseRemovesEndTest, ExitOfAThreadWithATableOfItsOwn) {
  ::close(number_);
  Thread thread([&] {
    checked(unshare(CLONE_FILES), "unshare");
    checked(add(ep_.get(), checked(dup(file_.get()), "dup")), "add");
    EXPECT_EQ(watch_count(ep_.get()), 1U);
  });
  thread.join();
  // the thread is joined before it lets its table go
  wait_until("the watch's end", [&] { return watch_count(ep_.get()) == 0; });
  expect_ended();
}

TEST_P(CloseRemovesEndTest, CountsAsAWatchUntilItEnds) {
  if (geteuid() != 0) GTEST_SKIP() << "needs root, to change the limit";
  constexpr std::size_t kLimit = 1000;
  const DescriptorLimit room(4096);
  const ScopedWatchLimit limit(backend_, kLimit);
  std::vector<unique_fd> files;  // more than can be watched, and open all the time
  while (files.size() <= kLimit) files.push_back(make_eventfd());
  Process user([&] {
    become_user(4'244);
    const unique_fd ep = instance();
    const auto adds_as_many_as_allowed = [&] {
      std::size_t added = 0;
      while (added < files.size() && add(ep.get(), files[added].get()) == 0) ++added;
      return added == kLimit && errno == ENOSPC;
    };
    Process other([&] { return adds_as_many_as_allowed() ? 0 : -1; });
    if (other.join() < 0) return 1;
    if (!adds_as_many_as_allowed()) return 2;  // the other one's exit gave them back
    const unique_fd dup = duplicate(files[0]);
    files[0].reset();
    return add(ep.get(), files[kLimit].get()) < 0 ? 3 : 0;
  });
  EXPECT_THAT(user.join(), SyscallSucceedsWithValue(0));
}

TEST_P(CloseRemovesEndTest, KillOfTheProcessThatAddedIt) {
  ::close(number_);
  Process child([&] { return add(ep_.get(), file_.get()) < 0 ? -1 : pause(); });
  wait_until("the child's watch", [&] { return watch_count(ep_.get()) == 1; });
  child.kill_and_reap();
  expect_ended();
}

TEST_P(CloseRemovesEndTest, ExecOfACloseOnExecDescriptor) {
  ::close(number_);
  const Pipe input = make_pipe(O_CLOEXEC);
  Process child([&] {
    if (add(ep_.get(), file_.get()) < 0 || dup2(input.reader.get(), STDIN_FILENO) < 0) return -1;
    return execl("/bin/cat", "cat", nullptr);
  });
  // The child reports nothing, since it becomes another program, which runs until the pipe's end.
  child.wait_until_executed("cat");
  expect_ended();
  child.kill_and_reap();
}

TEST_P(CloseRemovesEndTest, CloseOfTheSendersNumberInFlight) {
  const auto [sender, receiver] = unix_pair();
  send_fd(sender, number_);
  file_.reset();
  ::close(number_);
  EXPECT_EQ(watch_count(ep_.get()), 0U);
  EXPECT_THAT(backend_.ready(ep_.get()), NoEvents());
  const unique_fd arrived = recv_fd(receiver);
  EXPECT_THAT(add(ep_.get(), arrived.get()), SyscallSucceeds());
  EXPECT_THAT(backend_.ready(ep_.get()), Events(Event(arrived.get(), EPOLLIN)));
}

TEST_P(CloseRemovesEndTest, CloseOfAWatchedInstance) {
  const unique_fd outer = instance();
  const unique_fd dup = duplicate(ep_);
  ASSERT_THAT(add(outer.get(), ep_.get()), SyscallSucceeds());
  ASSERT_THAT(backend_.ready(outer.get()), Events(Event(ep_.get(), EPOLLIN)));
  ep_.reset();
  EXPECT_EQ(watch_count(outer.get()), 0U);
  EXPECT_THAT(backend_.ready(outer.get()), NoEvents());
  EXPECT_THAT(backend_.ready(dup.get()), Events(Event(number_, EPOLLIN)));
}

TEST_P(CloseRemovesEndTest, CloseOfANumberThatSeveralInstancesWatch) {
  constexpr int kInstances = 40;
  std::vector<unique_fd> more;
  for (int i = 0; i < kInstances; ++i) {
    more.push_back(instance());
    ASSERT_THAT(add(more.back().get(), number_), SyscallSucceeds());
    ASSERT_THAT(add(more.back().get(), file_.get()), SyscallSucceeds());
  }
  ::close(number_);
  expect_ended();
  for (const unique_fd& ep : more)
    EXPECT_THAT(backend_.ready(ep.get()), Events(Event(file_.get(), EPOLLIN)));
}

TEST_P(CloseRemovesEndTest, CloseOfAnExclusiveWatch) {
  const unique_fd dup = duplicate(file_);
  ASSERT_THAT(add(ep_.get(), dup.get(), EPOLLIN | EPOLLEXCLUSIVE | EPOLLET), SyscallSucceeds());
  ::close(number_);
  ASSERT_THAT(backend_.ready(ep_.get()), Events(Event(dup.get(), EPOLLIN)));
  ::close(dup.get());
  expect_ended();
  const int moved = fcntl(file_.get(), F_DUPFD_CLOEXEC, dup.get());
  EXPECT_EQ(moved, dup.get());
}

TEST_P(CloseRemovesEndTest, CloseAfterMod) {
  ASSERT_THAT(backend_.mod(ep_.get(), number_, EPOLLIN | EPOLLONESHOT), SyscallSucceeds());
  ::close(number_);
  expect_ended();
}

TEST_P(CloseRemovesEndTest, DelBeforeTheClose) {
  EXPECT_THAT(backend_.del(ep_.get(), number_), SyscallSucceeds());
  expect_ended();
  ASSERT_THAT(add(ep_.get(), number_), SyscallSucceeds());
  ::close(number_);
  expect_ended();
}

TEST_P(CloseRemovesEndTest, LastCloseOfTheFile) {
  file_.reset();
  ::close(number_);
  EXPECT_EQ(watch_count(ep_.get()), 0U);
  EXPECT_THAT(backend_.ready(ep_.get()), NoEvents());
}

TEST_P(CloseRemovesEndTest, CloseOfTheInstance) {
  ep_.reset();
  ::close(number_);
  ep_ = instance();
  ASSERT_THAT(add(ep_.get(), file_.get()), SyscallSucceeds());
  EXPECT_THAT(backend_.ready(ep_.get()), Events(Event(file_.get(), EPOLLIN)));
}

}  // namespace
}  // namespace xpoll::test
