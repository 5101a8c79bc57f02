// SPDX-License-Identifier: GPL-2.0-only
#include "probes/top/watches.h"

#include <gtest/gtest.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <xpoll/unique_fd.hpp>

namespace top {
namespace {

using xpoll::unique_fd;

TEST(CountWatchesTest, CountsThoseOfAnInstanceOfTheKind) {
  const unique_fd ep(epoll_create1(0));
  const unique_fd watched(eventfd(0, 0));
  EXPECT_EQ(count_watches(TOP_NATIVE, getpid(), ep.get()), 0U);
  epoll_event event{};
  ASSERT_EQ(epoll_ctl(ep.get(), EPOLL_CTL_ADD, watched.get(), &event), 0);
  EXPECT_EQ(count_watches(TOP_NATIVE, getpid(), ep.get()), 1U);
}

TEST(CountWatchesTest, WhatIsNoInstanceOfTheKindHasNone) {
  const unique_fd ep(epoll_create1(0));
  const unique_fd other(eventfd(0, 0));
  EXPECT_EQ(count_watches(TOP_XPOLL, getpid(), ep.get()), std::nullopt);
  EXPECT_EQ(count_watches(TOP_NATIVE, getpid(), other.get()), std::nullopt);
  EXPECT_EQ(count_watches(TOP_NATIVE, getpid(), -1), std::nullopt);
}

}  // namespace
}  // namespace top
