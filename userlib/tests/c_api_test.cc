// SPDX-License-Identifier: MIT
// The C headers as a C++ program sees them.
#include <gtest/gtest.h>
#include <sys/epoll.h>
#include <xpoll/xpoll.h>

#include <cstdint>

namespace {

TEST(ChangeByCookie, NamesTheWatchAndKeepsTheFlags) {
  struct xpoll_change change {};
  change.op = EPOLL_CTL_MOD;
  change.flags = XPOLL_CHANGE_ONLY;
  xpoll_change_by_cookie(&change, 0x1122334455667788);
  EXPECT_EQ(change.flags, XPOLL_CHANGE_ONLY | XPOLL_CHANGE_COOKIE);
  EXPECT_EQ(change.fd, 0x55667788);
  EXPECT_EQ(change.result, 0x11223344);
}

}  // namespace
