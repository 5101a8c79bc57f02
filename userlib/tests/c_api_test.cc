// SPDX-License-Identifier: MIT
// The C headers as a C++ program sees them.
#include <gtest/gtest.h>
#include <sys/epoll.h>
#include <xpoll/ring.h>
#include <xpoll/wake.h>
#include <xpoll/xpoll.h>

namespace {

// What is no cancellation point throws nothing, as in <sys/epoll.h>.
static_assert(noexcept(epoll_create1(0)) && noexcept(epoll_ctl(0, 0, 0, nullptr)));
static_assert(noexcept(xpoll_create1(0)) && noexcept(xpoll_ctl(0, 0, 0, nullptr)));
static_assert(noexcept(xpoll_features(nullptr)) && noexcept(xpoll_process(0)));
static_assert(noexcept(xpoll_ctl_change(0, nullptr)) && noexcept(xpoll_post(0, 0)));
static_assert(noexcept(xpoll_group_create(0)) && noexcept(xpoll_create_in(0, 0)));
static_assert(noexcept(xpoll_process_in(0)) && noexcept(xpoll_wake(0, nullptr)));
static_assert(noexcept(xpoll_workers_map(0)) && noexcept(xpoll_workers_unmap(nullptr)));
static_assert(noexcept(xpoll_set_worker(0, 0)) && noexcept(xpoll_ring_create(0, 0)));
static_assert(noexcept(xpoll_ring_map(0, nullptr)) && noexcept(xpoll_ring_unmap(nullptr)));

// A thread that is cancelled in a wait unwinds its stack.
static_assert(!noexcept(xpoll_wait(0, nullptr, 0, 0)));
static_assert(!noexcept(xpoll_pwait(0, nullptr, 0, 0, nullptr)));
static_assert(!noexcept(xpoll_pwait2(0, nullptr, 0, nullptr, nullptr)));
static_assert(!noexcept(xpoll_pwait_ns(0, nullptr, 0, 0, 0, nullptr)));
static_assert(!noexcept(xpoll_pwait_worker(0, nullptr, 0, 0, 0, nullptr, 0)));
static_assert(!noexcept(xpoll_enter(0, nullptr)) && !noexcept(xpoll_ring_wait(0, 0, 0)));

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
