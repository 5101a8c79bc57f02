// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <optional>

#include "enter.h"

namespace xpoll::test {

// ADD of a watch with a cookie. Returns it, or nothing with errno set.
inline std::optional<std::uint64_t> add_with_cookie(int epfd, int fd, std::uint32_t events,
                                                    std::uint64_t data, unsigned flags = 0) {
  struct xpoll_change change = change_of(EPOLL_CTL_ADD, fd, events, data);
  change.flags = static_cast<__u16>(XPOLL_CHANGE_COOKIE | flags);
  if (ioctl(epfd, XPOLL_IOC_CHANGE, &change) < 0) return std::nullopt;
  return change.data;
}
inline std::optional<std::uint64_t> add_with_cookie(int epfd, int fd,
                                                    std::uint32_t events = EPOLLIN) {
  return add_with_cookie(epfd, fd, events, static_cast<std::uint64_t>(fd));
}

// A change of the watch with this cookie.
inline struct xpoll_change change_by_cookie(int op, std::uint64_t cookie, std::uint32_t events = 0,
                                            std::uint64_t data = 0) {
  struct xpoll_change change = change_of(op, static_cast<int>(cookie), events, data);
  change.flags = XPOLL_CHANGE_COOKIE;
  change.result = static_cast<__s32>(cookie >> 32);
  return change;
}

inline int mod_by_cookie(int epfd, std::uint64_t cookie, std::uint32_t events,
                         std::uint64_t data = 0) {
  struct xpoll_change change = change_by_cookie(EPOLL_CTL_MOD, cookie, events, data);
  return ioctl(epfd, XPOLL_IOC_CHANGE, &change);
}
inline int del_by_cookie(int epfd, std::uint64_t cookie) {
  struct xpoll_change change = change_by_cookie(EPOLL_CTL_DEL, cookie);
  return ioctl(epfd, XPOLL_IOC_CHANGE, &change);
}

}  // namespace xpoll::test
