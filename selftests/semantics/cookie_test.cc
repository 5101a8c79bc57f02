// SPDX-License-Identifier: GPL-2.0-only
// XPOLL_CHANGE_COOKIE: changes of a watch that name it by a number of its own.
#include "util/cookie.h"

#include <sys/mman.h>

#include <cstddef>
#include <cstring>
#include <set>
#include <vector>

#include "tools/util/descriptors.h"
#include "tools/util/eventfd.h"
#include "util/each_backend.h"
#include "util/matchers.h"
#include "util/process.h"
#include "util/race.h"
#include "util/stress.h"
#include "util/watched.h"

namespace xpoll::test {
namespace {

using testing::ElementsAre;

class CookieTest : public XpollOnly {
 protected:
  std::uint64_t add(const unique_fd& file, std::uint32_t events = EPOLLIN) const {
    return add_with_cookie(ep_.get(), file.get(), events).value();
  }

  const unique_fd ep_ = backend_.instance();
  unique_fd file_ = make_eventfd(1);
};

TEST_F(CookieTest, FeatureIsTold) {
  EXPECT_TRUE(module_features().features & XPOLL_FEATURE_COOKIE);
}

TEST_F(CookieTest, ModAndDelByCookie) {
  const std::uint64_t cookie = add(file_);
  EXPECT_THAT(backend_.ready(ep_.get()), Events(Event(file_.get(), EPOLLIN)));
  EXPECT_THAT(mod_by_cookie(ep_.get(), cookie, EPOLLOUT, 77), SyscallSucceeds());
  EXPECT_THAT(backend_.ready(ep_.get()), Events(Event(77, EPOLLOUT)));
  EXPECT_THAT(del_by_cookie(ep_.get(), cookie), SyscallSucceeds());
  EXPECT_THAT(backend_.ready(ep_.get()), NoEvents());
  EXPECT_EQ(watch_count(ep_.get()), 0U);
}

TEST_F(CookieTest, ByNumberTheWatchIsAsAnyOther) {
  const std::uint64_t cookie = add(file_);
  EXPECT_THAT(backend_.mod(ep_.get(), file_.get(), EPOLLOUT, 5), SyscallSucceeds());
  EXPECT_THAT(backend_.ready(ep_.get()), Events(Event(5, EPOLLOUT)));
  EXPECT_FALSE(add_with_cookie(ep_.get(), file_.get()));
  EXPECT_EQ(errno, EEXIST);
  EXPECT_THAT(backend_.del(ep_.get(), file_.get()), SyscallSucceeds());
  EXPECT_THAT(del_by_cookie(ep_.get(), cookie), SyscallFailsWithErrno(ENOENT));
}

TEST_F(CookieTest, WorksAfterTheNumberWasClosed) {
  const unique_fd dup = duplicate(file_);
  const std::uint64_t cookie = add(file_);
  file_.reset();
  EXPECT_THAT(mod_by_cookie(ep_.get(), cookie, EPOLLIN | EPOLLOUT, 3), SyscallSucceeds());
  EXPECT_THAT(backend_.ready(ep_.get()), Events(Event(3, EPOLLIN | EPOLLOUT)));
  EXPECT_THAT(del_by_cookie(ep_.get(), cookie), SyscallSucceeds());
  EXPECT_EQ(watch_count(ep_.get()), 0U);
}

TEST_F(CookieTest, MeansTheOldWatchAfterTheNumberWasReused) {
  const unique_fd dup = duplicate(file_);
  const std::uint64_t old_cookie = add(file_);
  const int number = file_.get();
  file_.reset();
  const unique_fd other = make_eventfd(1);
  ASSERT_EQ(other.get(), number);
  const std::uint64_t cookie = add(other);
  EXPECT_NE(cookie, old_cookie);
  EXPECT_THAT(mod_by_cookie(ep_.get(), old_cookie, EPOLLIN, 1), SyscallSucceeds());
  EXPECT_THAT(mod_by_cookie(ep_.get(), cookie, EPOLLIN, 2), SyscallSucceeds());
  EXPECT_THAT(backend_.ready(ep_.get()), Events(Event(1, EPOLLIN), Event(2, EPOLLIN)));
  EXPECT_THAT(del_by_cookie(ep_.get(), old_cookie), SyscallSucceeds());
  EXPECT_THAT(backend_.ready(ep_.get()), Events(Event(2, EPOLLIN)));
}

TEST_F(CookieTest, AnotherProcessUsesIt) {
  Process child([&] {
    const unique_fd own = make_eventfd(1);
    return static_cast<int>(add(own));
  });
  const std::uint64_t cookie = add(file_);
  ASSERT_THAT(child.join(), SyscallSucceeds());
  Process other([&] {
    ::close(file_.get());
    return del_by_cookie(ep_.get(), cookie);
  });
  EXPECT_THAT(other.join(), SyscallSucceeds());
  EXPECT_EQ(watch_count(ep_.get()), 0U);
}

TEST_F(CookieTest, StaleOneIsEnoent) {
  const auto expect_stale = [&](std::uint64_t cookie) {
    EXPECT_THAT(mod_by_cookie(ep_.get(), cookie, EPOLLIN), SyscallFailsWithErrno(ENOENT));
    EXPECT_THAT(del_by_cookie(ep_.get(), cookie), SyscallFailsWithErrno(ENOENT));
  };
  expect_stale(0);
  const std::uint64_t deleted = add(file_);
  ASSERT_THAT(del_by_cookie(ep_.get(), deleted), SyscallSucceeds());
  expect_stale(deleted);
  const std::uint64_t closed = add(file_);
  file_.reset();
  expect_stale(closed);
  const unique_fd next = make_eventfd(1);
  const std::uint64_t cookie = add(next);
  expect_stale(deleted);
  expect_stale(closed);
  expect_stale(cookie + 1);
  expect_stale(cookie + (std::uint64_t{1} << 32));
  expect_stale(UINT64_MAX);
  EXPECT_THAT(backend_.ready(ep_.get()), Events(Event(next.get(), EPOLLIN)));
}

TEST_F(CookieTest, NoTwoAreTheSame) {
  constexpr int kRounds = 100;
  std::set<std::uint64_t> cookies;
  std::vector<unique_fd> files;
  for (int i = 0; i < kRounds; ++i) {
    files.push_back(make_eventfd());
    cookies.insert(add(files.back()));
    if (i % 3) files.pop_back();
  }
  EXPECT_EQ(cookies.size(), kRounds);
}

TEST_F(CookieTest, WatchWithoutOneIsFoundByNone) {
  ASSERT_THAT(backend_.add(ep_.get(), file_.get(), EPOLLIN), SyscallSucceeds());
  for (std::uint64_t cookie = 0; cookie < 20; ++cookie)
    EXPECT_THAT(del_by_cookie(ep_.get(), cookie), SyscallFailsWithErrno(ENOENT));
}

TEST_F(CookieTest, FlagIsForAddModAndDel) {
  for (const int op : {XPOLL_CTL_UPSERT, 0, 4}) {
    struct xpoll_change change = change_of(op, file_.get(), EPOLLIN);
    change.flags = XPOLL_CHANGE_COOKIE;
    EXPECT_THAT(ioctl(ep_.get(), XPOLL_IOC_CHANGE, &change), SyscallFailsWithErrno(EINVAL)) << op;
  }
}

TEST_F(CookieTest, ExclusiveWatchCanOnlyBeRemoved) {
  const std::uint64_t plain = add(file_);
  EXPECT_THAT(mod_by_cookie(ep_.get(), plain, EPOLLIN | EPOLLEXCLUSIVE),
              SyscallFailsWithErrno(EINVAL));
  const unique_fd other = make_eventfd();
  const std::uint64_t exclusive = add(other, EPOLLIN | EPOLLEXCLUSIVE);
  EXPECT_THAT(mod_by_cookie(ep_.get(), exclusive, EPOLLIN), SyscallFailsWithErrno(EINVAL));
  EXPECT_THAT(del_by_cookie(ep_.get(), exclusive), SyscallSucceeds());
}

TEST_F(CookieTest, AdditionThatFailsStoresNone) {
  struct xpoll_change change = change_of(EPOLL_CTL_ADD, -1, EPOLLIN, 99);
  change.flags = XPOLL_CHANGE_COOKIE;
  EXPECT_THAT(ioctl(ep_.get(), XPOLL_IOC_CHANGE, &change), SyscallFailsWithErrno(EBADF));
  EXPECT_EQ(change.data, 99U);
  Enter call(ep_.get(), {change});
  ASSERT_THAT(call.call(), SyscallSucceedsWithValue(0));
  EXPECT_THAT(call.results(), ElementsAre(-EBADF));
  EXPECT_EQ(call.changes[0].data, 99U);
}

TEST_F(CookieTest, OneThatCantBeStoredLeavesTheWatch) {
  const struct xpoll_change change = [&] {
    struct xpoll_change add = change_of(EPOLL_CTL_ADD, file_.get(), EPOLLIN);
    add.flags = XPOLL_CHANGE_COOKIE;
    return add;
  }();
  void* page = mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  ASSERT_NE(page, MAP_FAILED);
  std::memcpy(page, &change, sizeof(change));
  ASSERT_EQ(mprotect(page, 4096, PROT_READ), 0);
  EXPECT_THAT(ioctl(ep_.get(), XPOLL_IOC_CHANGE, page), SyscallFailsWithErrno(EFAULT));
  EXPECT_EQ(watch_count(ep_.get()), 1U);
  munmap(page, 4096);
  EXPECT_THAT(ioctl(ep_.get(), XPOLL_IOC_CHANGE, page), SyscallFailsWithErrno(EFAULT));
}

// The result is on one page, the cookie on the next.
TEST_F(CookieTest, OneThatEnterCantStoreIsEfaultAndNoEventIsLost) {
  const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  void* pages = mmap(nullptr, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  ASSERT_NE(pages, MAP_FAILED);
  char* const second = static_cast<char*>(pages) + page;
  auto* const change =
      reinterpret_cast<struct xpoll_change*>(second - offsetof(struct xpoll_change, data));
  *change = change_of(EPOLL_CTL_ADD, file_.get(), EPOLLIN | EPOLLONESHOT);
  change->flags = XPOLL_CHANGE_COOKIE;
  ASSERT_EQ(mprotect(second, page, PROT_READ), 0);
  Enter call(ep_.get());
  call.put_changes(change, 1);
  EXPECT_THAT(call.call(), SyscallFailsWithErrno(EFAULT));
  EXPECT_EQ(call.arguments.done, 0U);
  EXPECT_THAT(backend_.ready(ep_.get()), Events(Event(file_.get(), EPOLLIN)));
  munmap(pages, 2 * page);
}

TEST_F(CookieTest, ChangeWithoutFlagsIsThatOfCtl) {
  struct xpoll_change change = change_of(EPOLL_CTL_ADD, file_.get(), EPOLLIN, 4);
  EXPECT_THAT(ioctl(ep_.get(), XPOLL_IOC_CHANGE, &change), SyscallSucceedsWithValue(0));
  EXPECT_EQ(change.data, 4U);
  EXPECT_EQ(change.result, kNoResult);
  EXPECT_THAT(ioctl(ep_.get(), XPOLL_IOC_CHANGE, &change), SyscallFailsWithErrno(EEXIST));
  EXPECT_THAT(backend_.ready(ep_.get()), Events(Event(4, EPOLLIN)));
  change.op = XPOLL_CTL_UPSERT;
  change.data = 5;
  EXPECT_THAT(ioctl(ep_.get(), XPOLL_IOC_CHANGE, &change), SyscallSucceedsWithValue(0));
  EXPECT_THAT(backend_.ready(ep_.get()), Events(Event(5, EPOLLIN)));
  const unique_fd native = Backend::native().instance();
  EXPECT_THAT(ioctl(native.get(), XPOLL_IOC_CHANGE, &change), testing::Lt(0));
}

// Around the size of a batch in the kernel.
TEST_F(CookieTest, ManyInOneCall) {
  for (const int count : {1, 16, 17, 40}) {
    SCOPED_TRACE(count);
    std::vector<unique_fd> files;
    std::vector<struct xpoll_change> adds;
    for (int i = 0; i < count; ++i) {
      files.push_back(make_eventfd(1));
      adds.push_back(change_of(EPOLL_CTL_ADD, files.back().get(), EPOLLIN | EPOLLONESHOT));
      adds.back().flags = XPOLL_CHANGE_COOKIE;
    }
    Enter add(ep_.get(), adds, count);
    ASSERT_THAT(add.call(), SyscallSucceedsWithValue(count));
    EXPECT_THAT(add.results(), testing::Each(0));
    std::vector<struct xpoll_change> mods;
    std::vector<struct xpoll_change> dels;
    for (const struct xpoll_change& change : add.changes) {
      mods.push_back(change_by_cookie(EPOLL_CTL_MOD, change.data, EPOLLIN | EPOLLONESHOT, 8));
      dels.push_back(change_by_cookie(EPOLL_CTL_DEL, change.data));
    }
    Enter mod(ep_.get(), mods, count);
    ASSERT_THAT(mod.call(), SyscallSucceedsWithValue(count));
    EXPECT_THAT(mod.results(), testing::Each(0));
    for (const epoll_event& event : mod.events()) EXPECT_THAT(event, Event(8, EPOLLIN));
    // A MOD and the DEL of the same watch: no event of it is left.
    dels.insert(dels.begin(), mods.back());
    Enter del(ep_.get(), dels, count);
    ASSERT_THAT(del.call(), SyscallSucceedsWithValue(0));
    EXPECT_THAT(del.results(), testing::Each(0));
    EXPECT_EQ(watch_count(ep_.get()), 0U);
  }
}

TEST_F(CookieTest, OfAWatchedInstance) {
  const unique_fd inner = backend_.instance();
  ASSERT_THAT(backend_.add(inner.get(), file_.get(), EPOLLIN), SyscallSucceeds());
  struct xpoll_change change = change_of(EPOLL_CTL_ADD, inner.get(), EPOLLIN, 6);
  change.flags = XPOLL_CHANGE_COOKIE;
  Enter call(ep_.get(), {change});
  ASSERT_THAT(call.call(), SyscallSucceedsWithValue(1));
  EXPECT_THAT(call.events(), Events(Event(6, EPOLLIN)));
  EXPECT_THAT(mod_by_cookie(ep_.get(), call.changes[0].data, EPOLLIN, 7), SyscallSucceeds());
  EXPECT_THAT(backend_.ready(ep_.get()), Events(Event(7, EPOLLIN)));
  EXPECT_THAT(del_by_cookie(ep_.get(), call.changes[0].data), SyscallSucceeds());
}

TEST_F(CookieTest, GoesWithAWatchThatEndsWithItsDescriptor) {
  const unique_fd dup = duplicate(file_);
  const std::uint64_t cookie =
      add_with_cookie(ep_.get(), file_.get(), EPOLLIN, 1, XPOLL_CHANGE_CLOSE).value();
  EXPECT_THAT(mod_by_cookie(ep_.get(), cookie, EPOLLIN, 2), SyscallSucceeds());
  file_.reset();
  EXPECT_THAT(mod_by_cookie(ep_.get(), cookie, EPOLLIN), SyscallFailsWithErrno(ENOENT));
}

TEST_F(CookieTest, AChildRemovesAWatchThatEndsWithTheNumberOfItsParent) {
  unique_fd file = make_eventfd(1);
  const unique_fd dup = duplicate(file);
  for (int round = 0; round < 2; ++round) {
    const std::uint64_t cookie =
        add_with_cookie(ep_.get(), file.get(), EPOLLIN, 1, XPOLL_CHANGE_CLOSE).value();
    Process child([&] { return del_by_cookie(ep_.get(), cookie); });
    ASSERT_THAT(child.join(), SyscallSucceeds());
    EXPECT_THAT(backend_.ready(ep_.get()), NoEvents());
  }
  file.reset();
  EXPECT_THAT(watches_of(ep_.get()), testing::IsEmpty());
}

class CookieRaceTest : public CookieTest {};

constexpr int kRounds = 250;

// Whatever the cookie means when the call runs, it means no other watch.
TEST_F(CookieRaceTest, ModDelCloseAndReuse) {
  std::uint64_t cookie = 0;
  unique_fd first;
  unique_fd second;
  int mod = 0;
  int mod_error = 0;
  race(
      stress_rounds(kRounds),
      [&] {
        first = make_eventfd(1);
        cookie = add(first);
      },
      {[&] {
         mod = mod_by_cookie(ep_.get(), cookie, EPOLLIN, 13);
         mod_error = errno;
       },
       [&] { del_by_cookie(ep_.get(), cookie); },
       [&] {
         first.reset();
         second = make_eventfd(1);
         checked(backend_.add(ep_.get(), second.get(), EPOLLIN, 14), "add");
         add_with_cookie(ep_.get(), file_.get(), EPOLLIN, 15);
       }},
      [&] {
        EXPECT_TRUE(mod == 0 || mod_error == ENOENT) << errno_text(mod_error);
        EXPECT_THAT(backend_.ready(ep_.get()),
                    testing::UnorderedElementsAre(Event(14, EPOLLIN), Event(15, EPOLLIN)));
        second.reset();
        EXPECT_THAT(backend_.del(ep_.get(), file_.get()), SyscallSucceeds());
      });
}

TEST_F(CookieRaceTest, ModAndTheLastClose) {
  std::uint64_t cookie = 0;
  unique_fd reader;
  unique_fd writer;
  race(
      stress_rounds(kRounds),
      [&] {
        Pipe pipe = make_pipe();
        reader = std::move(pipe.reader);
        writer = std::move(pipe.writer);
        cookie = add(writer, EPOLLOUT);
      },
      {[&] { mod_by_cookie(ep_.get(), cookie, EPOLLOUT); }, [&] { writer.reset(); },
       [&] { backend_.ready(ep_.get()); }},
      [&] {
        wait_until_nothing_watched(ep_.get());
        char byte;
        EXPECT_EQ(read(reader.get(), &byte, 1), 0) << "the file was not released";
        EXPECT_THAT(backend_.ready(ep_.get()), NoEvents());
      });
}

}  // namespace
}  // namespace xpoll::test
