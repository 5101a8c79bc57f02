// SPDX-License-Identifier: GPL-2.0-only
#include "calls.h"

#include <fcntl.h>
#include <linux/xpoll.h>
#include <sys/ioctl.h>
#include <xpoll/xpoll.h>

namespace bench {
namespace {

void set_process(std::uint32_t mode) {
  const auto device = xpoll::checked_fd(open("/dev/xpoll", O_RDWR | O_CLOEXEC), "/dev/xpoll");
  struct xpoll_process process {};
  process.mode = mode;
  xpoll::checked(ioctl(device.get(), XPOLL_IOC_PROCESS, &process), "XPOLL_IOC_PROCESS");
}

}  // namespace

void enter(Calls calls) {
  static Calls entered = Calls::kNone;
  static xpoll::unique_fd beside;
  if (entered == calls) return;
  beside.reset();
  // Opting in once is what hooks the functions.
  set_process(XPOLL_PROCESS_XPOLL);
  if (calls != Calls::kInstance) set_process(XPOLL_PROCESS_NATIVE);
  if (calls == Calls::kNativeBeside)
    beside = xpoll::checked_fd(xpoll_create1(EPOLL_CLOEXEC), "xpoll_create1");
  entered = calls;
}

}  // namespace bench
