// SPDX-License-Identifier: GPL-2.0-only
#include <linux/io_uring.h>
#include <sys/eventfd.h>

#include "modes.h"
#include "tools/util/checked.h"
#include "transcript.h"
#include "util/io_ring.h"

namespace victim {
namespace {

using xpoll::checked_fd;
using xpoll::unique_fd;
using xpoll::test::IoRing;

int add_by_ring(IoRing& ring, int epfd, int fd, epoll_event* event) {
  io_uring_sqe request{};
  request.opcode = IORING_OP_EPOLL_CTL;
  request.fd = epfd;
  request.len = EPOLL_CTL_ADD;
  request.off = static_cast<__u64>(fd);
  request.addr = reinterpret_cast<__u64>(event);
  ring.submit(request);
  return ring.complete(1).front().res;
}

}  // namespace

int set_up_ring(const Arguments&) {
  tell("ring", [] { return IoRing::available() ? 0 : -1; });
  return 0;
}

int changes_by_ring(const Arguments&) {
  const unique_fd instance = checked_fd(epoll_create1(EPOLL_CLOEXEC), "create1");
  const unique_fd source = checked_fd(eventfd(1, EFD_CLOEXEC), "eventfd");
  epoll_event event = make_event(EPOLLIN, 1);
  if (!IoRing::available()) {
    tell("add", [&] { return epoll_ctl(instance.get(), EPOLL_CTL_ADD, source.get(), &event); });
  } else {
    IoRing ring;
    if (add_by_ring(ring, instance.get(), source.get(), &event) != 0) std::abort();
  }
  tell("wait", [&] { return epoll_wait(instance.get(), &event, 1, -1); });
  return 0;
}

}  // namespace victim
