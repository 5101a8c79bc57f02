// SPDX-License-Identifier: GPL-2.0-only
#include "probes/top/watches.h"

#include <gtest/gtest.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <xpoll/unique_fd.hpp>

namespace top {
namespace {

using xpoll::unique_fd;

unique_fd tcp_socket() { return unique_fd(socket(AF_INET, SOCK_STREAM, 0)); }

/// Sockets have their own inode numbers, eventfds share one.
FileNumber number_of(const unique_fd& fd) {
  struct stat status {};
  EXPECT_EQ(fstat(fd.get(), &status), 0);
  // The kernel's encoding of a device number has more bits for the minor number.
  return {.device = (std::uint64_t{major(status.st_dev)} << 20) | minor(status.st_dev),
          .inode = status.st_ino};
}

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

TEST(ExclusivelyWatchedTest, IsTheFirstFileThatIsWatchedWithEpollexclusive) {
  const unique_fd ep(epoll_create1(0));
  const unique_fd sockets[]{tcp_socket(), tcp_socket(), tcp_socket()};
  const auto add = [&ep](const unique_fd& fd, std::uint32_t events) {
    epoll_event event{.events = events, .data = {}};
    ASSERT_EQ(epoll_ctl(ep.get(), EPOLL_CTL_ADD, fd.get(), &event), 0);
  };
  const unique_fd numberless(eventfd(0, 0));
  add(numberless, EPOLLIN | EPOLLEXCLUSIVE);
  add(sockets[0], EPOLLIN);
  EXPECT_EQ(exclusively_watched(TOP_NATIVE, getpid(), ep.get()).value(), std::nullopt);
  add(sockets[2], EPOLLIN | EPOLLEXCLUSIVE);
  EXPECT_EQ(exclusively_watched(TOP_NATIVE, getpid(), ep.get()), number_of(sockets[2]));
  add(sockets[1], EPOLLIN | EPOLLEXCLUSIVE);
  EXPECT_EQ(exclusively_watched(TOP_NATIVE, getpid(), ep.get()), number_of(sockets[1]));
}

TEST(ExclusivelyWatchedTest, OfWhatIsNoInstanceOfTheKindNothingIsKnown) {
  EXPECT_EQ(exclusively_watched(TOP_NATIVE, getpid(), -1), std::nullopt);
}

}  // namespace
}  // namespace top
