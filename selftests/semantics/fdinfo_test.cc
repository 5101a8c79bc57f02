// SPDX-License-Identifier: GPL-2.0-only
// /proc/PID/fdinfo of an instance.
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <fstream>
#include <functional>
#include <iterator>
#include <string>
#include <vector>

#include "tools/util/descriptors.h"
#include "tools/util/sockets.h"
#include "util/each_backend.h"
#include "util/matchers.h"
#include "util/process.h"
#include "util/stress.h"
#include "util/thread.h"
#include "util/watched.h"

namespace xpoll::test {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string fdinfo(const unique_fd& fd) {
  std::ifstream file("/proc/self/fdinfo/" + std::to_string(fd.get()));
  return {std::istreambuf_iterator<char>(file), {}};
}

// The kernel's encoding of a device number, which differs from stat(2)'s.
unsigned int kernel_device(dev_t device) {
  constexpr int kMinorBits = 20;
  return major(device) << kMinorBits | minor(device);
}

// The line of fs/eventpoll.c, including the field widths and the two blanks before "pos".
std::string line(const unique_fd& watched, std::uint32_t events, std::uint64_t data) {
  struct stat status {};
  checked(fstat(watched.get(), &status), "fstat");
  const off_t position = lseek(watched.get(), 0, SEEK_CUR);
  return fmt::format("tfd: {:8d} events: {:8x} data: {:16x}  pos:{} ino:{:x} sdev:{:x}\n",
                     watched.get(), events, data, position < 0 ? 0 : position, status.st_ino,
                     kernel_device(status.st_dev));
}

class FdinfoTest : public EachBackend {
 protected:
  const unique_fd ep_{backend_.create1(EPOLL_CLOEXEC)};
};
XPOLL_FOR_EACH_BACKEND(FdinfoTest);

TEST_P(FdinfoTest, AnEmptyInstanceHasNoLineOfItsOwn) {
  EXPECT_THAT(fdinfo(ep_), Not(HasSubstr("tfd:")));
}

// More than are shown under one hold of the mutex; the dups of a file are neighbours.
TEST_P(FdinfoTest, EachOfManyWatchesIsShownOnceWhileOthersComeAndGo) {
  std::vector<unique_fd> files;
  std::vector<int> expected;
  while (files.size() < 300) {
    if (files.size() % 100 == 0)
      files.push_back(make_eventfd());
    else
      files.push_back(checked_fd(dup(files.back().get()), "dup"));
    expected.push_back(files.back().get());
    checked(backend_.add(ep_.get(), files.back().get(), EPOLLIN), "add");
  }
  std::atomic<bool> done = false;
  Thread others([&] {
    while (!done) {
      std::vector<unique_fd> more;
      while (more.size() < 20) {
        more.push_back(make_eventfd());
        checked(backend_.add(ep_.get(), more.back().get(), EPOLLIN), "add");
      }
    }
  });
  {
    const SetAtExit finish(done);
    for (int round = 0; round < stress_rounds(20); ++round) {
      std::vector<int> shown;
      for (const Watch& watch : watches_of(ep_.get()))
        if (std::ranges::binary_search(expected, watch.fd)) shown.push_back(watch.fd);
      std::ranges::sort(shown);
      ASSERT_EQ(shown, expected) << round;
    }
  }
  others.join();
}

TEST_P(FdinfoTest, AWatchIsOneLineOfTheFixedFormat) {
  const TcpPair tcp = tcp_pair();
  ASSERT_THAT(backend_.add(ep_.get(), tcp.server.get(), EPOLLIN, 0x1234), SyscallSucceeds());
  EXPECT_THAT(fdinfo(ep_),
              testing::EndsWith("\n" + line(tcp.server, EPOLLIN | EPOLLERR | EPOLLHUP, 0x1234)));
}

TEST_P(FdinfoTest, ErrAndHupAreShownThoughNobodyAskedForThem) {
  const unique_fd watched = make_eventfd();
  ASSERT_THAT(backend_.add(ep_.get(), watched.get(), 0), SyscallSucceeds());
  EXPECT_THAT(fdinfo(ep_), HasSubstr(line(watched, EPOLLERR | EPOLLHUP,
                                          static_cast<std::uint64_t>(watched.get()))));
}

TEST_P(FdinfoTest, PrivateBitsAreShown) {
  const unique_fd exclusive = make_eventfd();
  const unique_fd others = make_eventfd();
  ASSERT_THAT(backend_.add(ep_.get(), exclusive.get(), EPOLLEXCLUSIVE, 1), SyscallSucceeds());
  ASSERT_THAT(backend_.add(ep_.get(), others.get(), EPOLLET | EPOLLONESHOT, 2), SyscallSucceeds());
  const std::string text = fdinfo(ep_);
  EXPECT_THAT(text, HasSubstr(line(exclusive, EPOLLEXCLUSIVE | EPOLLERR | EPOLLHUP, 1)));
  EXPECT_THAT(text, HasSubstr(line(others, EPOLLET | EPOLLONESHOT | EPOLLERR | EPOLLHUP, 2)));
}

TEST_P(FdinfoTest, AFiredOneshotKeepsItsPrivateBitsOnly) {
  const unique_fd watched = make_eventfd(1);
  ASSERT_THAT(backend_.add(ep_.get(), watched.get(), EPOLLIN | EPOLLET | EPOLLONESHOT, 3),
              SyscallSucceeds());
  ASSERT_THAT(backend_.ready(ep_.get()), Events(Event(3, EPOLLIN)));
  EXPECT_THAT(fdinfo(ep_), HasSubstr(line(watched, EPOLLET | EPOLLONESHOT, 3)));
}

TEST_P(FdinfoTest, ModIsShown) {
  const unique_fd watched = make_eventfd();
  ASSERT_THAT(backend_.add(ep_.get(), watched.get(), EPOLLIN, 1), SyscallSucceeds());
  ASSERT_THAT(backend_.mod(ep_.get(), watched.get(), EPOLLOUT | EPOLLPRI, ~std::uint64_t{0}),
              SyscallSucceeds());
  EXPECT_THAT(fdinfo(ep_), HasSubstr(line(watched, EPOLLOUT | EPOLLPRI | EPOLLERR | EPOLLHUP,
                                          ~std::uint64_t{0})));
}

TEST_P(FdinfoTest, DelAndLastCloseTakeTheLineAway) {
  const unique_fd deleted = make_eventfd();
  unique_fd closed = make_eventfd();
  ASSERT_THAT(backend_.add(ep_.get(), deleted.get(), EPOLLIN), SyscallSucceeds());
  ASSERT_THAT(backend_.add(ep_.get(), closed.get(), EPOLLIN), SyscallSucceeds());
  ASSERT_THAT(backend_.del(ep_.get(), deleted.get()), SyscallSucceeds());
  closed.reset();
  EXPECT_THAT(fdinfo(ep_), Not(HasSubstr("tfd:")));
}

TEST_P(FdinfoTest, TheFilePositionOfTheWatchedFileIsShown) {
  const unique_fd mounts = checked_fd(open("/proc/self/mounts", O_RDONLY | O_CLOEXEC), "open");
  std::array<char, 7> start{};
  checked(static_cast<int>(read(mounts.get(), start.data(), start.size())), "read");
  ASSERT_THAT(backend_.add(ep_.get(), mounts.get(), EPOLLPRI, 0), SyscallSucceeds());
  EXPECT_THAT(fdinfo(ep_), HasSubstr("pos:7 "));
  EXPECT_THAT(fdinfo(ep_), HasSubstr(line(mounts, EPOLLPRI | EPOLLERR | EPOLLHUP, 0)));
}

TEST_P(FdinfoTest, EachDupHasALine) {
  const unique_fd watched = make_eventfd();
  const unique_fd dup = duplicate(watched);
  ASSERT_THAT(backend_.add(ep_.get(), watched.get(), EPOLLIN, 1), SyscallSucceeds());
  ASSERT_THAT(backend_.add(ep_.get(), dup.get(), EPOLLOUT, 2), SyscallSucceeds());
  // Dups are ordered by descriptor number.
  EXPECT_THAT(fdinfo(ep_), testing::EndsWith(line(watched, EPOLLIN | EPOLLERR | EPOLLHUP, 1) +
                                             line(dup, EPOLLOUT | EPOLLERR | EPOLLHUP, 2)));
}

TEST_P(FdinfoTest, MoreLinesThanAPageHoldsAreAllShown) {
  constexpr std::size_t kWatches = 200;
  std::vector<unique_fd> watched;
  while (watched.size() < kWatches) {
    watched.push_back(make_eventfd());
    ASSERT_THAT(backend_.add(ep_.get(), watched.back().get(), EPOLLIN, 0), SyscallSucceeds());
  }
  const std::string text = fdinfo(ep_);
  for (const unique_fd& fd : watched)
    EXPECT_THAT(text, HasSubstr(line(fd, EPOLLIN | EPOLLERR | EPOLLHUP, 0)));
}

TEST_P(FdinfoTest, AWatchedInstanceIsShownAsAnyFile) {
  const unique_fd below = backend_.instance();
  ASSERT_THAT(backend_.add(ep_.get(), below.get(), EPOLLIN, 5), SyscallSucceeds());
  EXPECT_THAT(fdinfo(ep_), HasSubstr(line(below, EPOLLIN | EPOLLERR | EPOLLHUP, 5)));
}

// The kernel silently drops EPOLLWAKEUP without CAP_BLOCK_SUSPEND.
TEST_P(FdinfoTest, WakeupIsNotShownForAnUnprivilegedUser) {
  const unique_fd watched = make_eventfd();
  Process child([&] {
    become_user(kUnprivileged);
    return backend_.add(ep_.get(), watched.get(), EPOLLIN | EPOLLWAKEUP, 0);
  });
  ASSERT_THAT(child.join(), SyscallSucceeds());
  EXPECT_THAT(fdinfo(ep_), HasSubstr(line(watched, EPOLLIN | EPOLLERR | EPOLLHUP, 0)));
}

// Runs the same actions on both, then compares both texts byte by byte.
class FdinfoOfBothTest : public XpollOnly {
 protected:
  void on_both(const std::function<void(Backend, const unique_fd&)>& action) {
    action(Backend::xpoll(), xpoll_);
    action(Backend::native(), native_);
    EXPECT_EQ(fdinfo(xpoll_), fdinfo(native_));
  }

 private:
  const unique_fd xpoll_{Backend::xpoll().create1(EPOLL_CLOEXEC)};
  const unique_fd native_{Backend::native().create1(EPOLL_CLOEXEC)};
};

TEST_F(FdinfoOfBothTest, AreEqualAfterEachStepOfALongStory) {
  const TcpPair tcp = tcp_pair();
  const Pipe pipe = make_pipe();
  const Pty pty = make_pty();
  unique_fd event = make_eventfd(1);
  const unique_fd dup = duplicate(event);
  const unique_fd below = Backend::xpoll().instance();
  const unique_fd mounts = checked_fd(open("/proc/self/mounts", O_RDONLY | O_CLOEXEC), "open");

  on_both([&](Backend, const unique_fd&) {});
  for (const unique_fd* fd :
       {&tcp.server, &tcp.client, &pipe.reader, &pipe.writer, &pty.master, &below, &mounts})
    on_both([&](Backend backend, const unique_fd& ep) {
      checked(backend.add(ep.get(), fd->get(), EPOLLIN | EPOLLRDHUP | EPOLLWAKEUP), "add");
    });
  on_both([&](Backend backend, const unique_fd& ep) {
    checked(backend.add(ep.get(), event.get(), EPOLLIN | EPOLLONESHOT), "add");
    checked(backend.add(ep.get(), dup.get(), EPOLLOUT | EPOLLEXCLUSIVE | EPOLLET), "add");
    checked(backend.add(ep.get(), pty.slave.get(), 0xffff'ffff & ~EPOLLEXCLUSIVE), "add");
  });
  on_both([&](Backend backend, const unique_fd& ep) { backend.ready(ep.get()); });
  on_both([&](Backend backend, const unique_fd& ep) {
    checked(backend.mod(ep.get(), event.get(), EPOLLPRI, 0xdead'beef), "mod");
    checked(backend.mod(ep.get(), tcp.server.get(), 0, 0), "mod");
    checked(backend.del(ep.get(), pipe.reader.get()), "del");
  });
  event.reset();
  on_both([&](Backend, const unique_fd&) {});
}

}  // namespace
}  // namespace xpoll::test
