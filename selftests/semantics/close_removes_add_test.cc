// SPDX-License-Identifier: GPL-2.0-only
// An instance with XPOLL_CREATE_CLOSE_REMOVES, whose watches end with their descriptor by whatever
// call they were added.
#include <functional>
#include <utility>

#include "tools/util/eventfd.h"
#include "util/close_removes.h"
#include "util/epoll_calls.h"
#include "util/io_ring.h"
#include "util/matchers.h"
#include "util/process.h"
#include "util/requires.h"

namespace xpoll::test {
namespace {

class CloseRemovesAddTest : public XpollOnly {
 protected:
  // Adds a number of the file by an io_uring, as a process that has opted in, and closes it. The
  // ring is a child's, because its end interrupts the waits of its owner.
  int add_by_ring_and_close(unsigned flags, unsigned setup) const {
    return in_opted_process([&] {
      IoRing ring(setup);
      const int number = dup(file_.get());
      const epoll_event event{.events = EPOLLIN, .data = {.u64 = 3}};
      io_uring_sqe request{};
      request.opcode = IORING_OP_EPOLL_CTL;
      request.flags = static_cast<std::uint8_t>(flags);
      request.fd = ep_.get();
      request.off = static_cast<std::uint64_t>(number);
      request.len = EPOLL_CTL_ADD;
      request.addr = address(&event);
      ring.submit(request);
      if (ring.complete(1).at(0).res != 0) return 1;
      if (watch_count(ep_.get()) != 1) return 2;
      ::close(number);
      return watch_count(ep_.get()) == 0 ? 0 : 3;
    });
  }

  const unique_fd ep_ = create_instance(XPOLL_CLOEXEC | XPOLL_CREATE_CLOSE_REMOVES);
  const unique_fd file_ = make_eventfd(1);
};

TEST_F(CloseRemovesAddTest, ByEachIoctl) {
  const auto change = [&](int op, int fd) {
    struct xpoll_change change = change_of(op, fd, EPOLLIN);
    return ioctl(ep_.get(), XPOLL_IOC_CHANGE, &change);
  };
  const auto enter = [&](int op, int fd) {
    return make_change(ep_.get(), change_of(op, fd, EPOLLIN));
  };
  const std::pair<const char*, std::function<int(int)>> ways[] = {
      {"CTL", [&](int fd) { return backend_.add(ep_.get(), fd, EPOLLIN); }},
      {"CHANGE", [&](int fd) { return change(EPOLL_CTL_ADD, fd); }},
      {"CHANGE, UPSERT", [&](int fd) { return change(XPOLL_CTL_UPSERT, fd); }},
      {"ENTER", [&](int fd) { return enter(EPOLL_CTL_ADD, fd); }},
      {"ENTER, UPSERT", [&](int fd) { return enter(XPOLL_CTL_UPSERT, fd); }},
  };
  for (const auto& [name, add] : ways) {
    SCOPED_TRACE(name);
    unique_fd number = duplicate(file_);
    ASSERT_THAT(add(number.get()), SyscallSucceeds());
    EXPECT_EQ(watch_count(ep_.get()), 1U);
    number.reset();
    EXPECT_EQ(watch_count(ep_.get()), 0U);
  }
}

// The table is that of the process, whichever task of the kernel makes the call.
TEST_F(CloseRemovesAddTest, ByIoUring) {
  XPOLL_REQUIRE(can_hook_epoll_calls(), kHookableEpollCalls);
  XPOLL_REQUIRE(IoRing::available(), "io_uring");
  EXPECT_EQ(add_by_ring_and_close(0, 0), 0);
  EXPECT_EQ(add_by_ring_and_close(IOSQE_ASYNC, 0), 0) << "by a worker of the kernel";
  EXPECT_EQ(add_by_ring_and_close(0, IORING_SETUP_SQPOLL), 0)
      << "by a thread that polls for requests";
}

}  // namespace
}  // namespace xpoll::test
