// SPDX-License-Identifier: GPL-2.0-only
// A close can't fail, and must do all its work with whatever memory there is.
#include <sys/ioctl.h>

#include "faults/fault_test.h"
#include "faults/sweep.h"
#include "util/descriptors.h"
#include "util/matchers.h"
#include "util/raw.h"
#include "util/stats.h"

namespace xpoll_test {
namespace {

class CloseFaultTest : public FaultTest {};

TEST_F(CloseFaultTest, OfTheLastDescriptorOfAWatchedFile) {
  const Fd ep = backend_.instance();
  const Fd outer = backend_.instance();
  Pty pty;
  sweepFaults({
      .prepare =
          [&] {
            pty = makePty();
            for (const Fd* fd : {&ep, &outer})
              checked(backend_.add(fd->get(), pty.slave.get(), EPOLLIN | EPOLLWAKEUP), "add");
          },
      .call = [&] { return pty.slave.close(); },
      .undo =
          [&] {
            EXPECT_EQ(statsOf(ep).open_watches, 0U);
            EXPECT_EQ(statsOf(outer).open_watches, 0U);
          },
  });
}

TEST_F(CloseFaultTest, OfAnInstanceInAGroup) {
  const Fd device = openDevice();
  const int group = ioctl(device.get(), XPOLL_IOC_GROUP);
  ASSERT_THAT(group, SyscallSucceeds());
  const Fd watched = makeEventfd(1);
  Fd ep;
  struct xpoll_create create {
    .flags = XPOLL_CLOEXEC, .group = static_cast<std::uint32_t>(group)
  };
  sweepFaults({
      .prepare =
          [&] {
            ep = checkedFd(ioctl(device.get(), XPOLL_IOC_CREATE, &create), "create");
            checked(backend_.add(ep.get(), watched.get(), EPOLLIN | EPOLLWAKEUP), "add");
          },
      .call = [&] { return ep.close(); },
      .undo =
          [&] {
            EXPECT_EQ(statsOf(device).open_instances, 0U);
            EXPECT_EQ(statsOf(device).open_watches, 0U);
          },
  });
}

}  // namespace
}  // namespace xpoll_test
