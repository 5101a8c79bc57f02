// SPDX-License-Identifier: GPL-2.0-only
// A close can't fail, so it must complete even if every allocation fails.
#include <sys/ioctl.h>

#include "faults/fault_test.h"
#include "faults/sweep.h"
#include "tools/util/descriptors.h"
#include "util/close_removes.h"
#include "util/extended.h"
#include "util/matchers.h"
#include "util/raw.h"
#include "util/stats.h"

namespace xpoll::test {
namespace {

class CloseFaultTest : public FaultTest {};

TEST_F(CloseFaultTest, OfTheLastDescriptorOfAWatchedFile) {
  const unique_fd ep = backend_.instance();
  const unique_fd outer = backend_.instance();
  Pty pty;
  sweep_faults({
      .prepare =
          [&] {
            pty = make_pty();
            for (const unique_fd* fd : {&ep, &outer})
              checked(backend_.add(fd->get(), pty.slave.get(), EPOLLIN | EPOLLWAKEUP), "add");
          },
      .call = [&] { return pty.slave.close(); },
      .undo =
          [&] {
            EXPECT_EQ(stats_of(ep).open_watches, 0U);
            EXPECT_EQ(stats_of(outer).open_watches, 0U);
          },
  });
}

TEST_F(CloseFaultTest, OfAWatchThatTellsItsEnd) {
  const unique_fd ep = backend_.instance();
  const unique_fd file = make_eventfd(1);
  unique_fd dup;
  sweep_faults({
      .prepare =
          [&] {
            dup = duplicate(file);
            checked(add_with_flags(ep.get(), dup.get(), EPOLLIN,
                                   XPOLL_CHANGE_CLOSE | XPOLL_CHANGE_REMOVED),
                    "add");
          },
      .call = [&] { return dup.close(); },
      .undo =
          [&] {
            const auto events = extended_events(ep.get());
            ASSERT_EQ(events.size(), 1U);
            EXPECT_EQ(events[0].events, XPOLL_EVENT_REMOVED);
          },
  });
}

TEST_F(CloseFaultTest, OfAnInstanceInAGroup) {
  const unique_fd device = open_device();
  const int group = ioctl(device.get(), XPOLL_IOC_GROUP);
  ASSERT_THAT(group, SyscallSucceeds());
  const unique_fd watched = make_eventfd(1);
  unique_fd ep;
  struct xpoll_create create {
    .flags = XPOLL_CLOEXEC, .group = static_cast<std::uint32_t>(group)
  };
  sweep_faults({
      .prepare =
          [&] {
            ep = checked_fd(ioctl(device.get(), XPOLL_IOC_CREATE, &create), "create");
            checked(backend_.add(ep.get(), watched.get(), EPOLLIN | EPOLLWAKEUP), "add");
          },
      .call = [&] { return ep.close(); },
      .undo =
          [&] {
            EXPECT_EQ(stats_of(device).open_instances, 0U);
            EXPECT_EQ(stats_of(device).open_watches, 0U);
          },
  });
}

}  // namespace
}  // namespace xpoll::test
