// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include "enter.h"
#include "tools/util/descriptors.h"
#include "watched.h"

namespace xpoll::test {

// Watches that end with their descriptor: by a flag of each addition, or of the instance.
enum class CloseRemoves { kByAddition, kByInstance };

inline unique_fd create_instance(std::uint32_t flags) {
  const struct xpoll_create create { .flags = flags, .group = 0 };
  return checked_fd(ioctl(open_device().get(), XPOLL_IOC_CREATE, &create), "XPOLL_IOC_CREATE");
}

// Makes one change. Returns 0, or -1 with errno set to the change's error.
inline int make_change(int epfd, struct xpoll_change change) {
  struct xpoll_enter enter {};
  enter.changes = address(&change);
  enter.nchanges = 1;
  if (ioctl(epfd, XPOLL_IOC_ENTER, &enter) < 0) return -1;
  if (change.result == 0) return 0;
  errno = -change.result;
  return -1;
}

inline int add_with_flags(int epfd, int fd, std::uint32_t events, unsigned flags) {
  struct xpoll_change change = change_of(EPOLL_CTL_ADD, fd, events);
  change.flags = static_cast<__u16>(flags);
  return make_change(epfd, change);
}

// Each test runs with both ways to ask for such watches.
class CloseRemovesTest : public testing::TestWithParam<CloseRemoves> {
 protected:
  void SetUp() override { require_xpoll(); }

  static unique_fd instance() {
    const bool whole = GetParam() == CloseRemoves::kByInstance;
    return create_instance(XPOLL_CLOEXEC | (whole ? XPOLL_CREATE_CLOSE_REMOVES : 0U));
  }
  // ADD of a watch that ends with its descriptor.
  static int add(int epfd, int fd, std::uint32_t events = EPOLLIN) {
    if (GetParam() == CloseRemoves::kByInstance) return backend_.add(epfd, fd, events);
    return add_with_flags(epfd, fd, events, XPOLL_CHANGE_CLOSE);
  }

  static constexpr Backend backend_ = Backend::xpoll();
};

}  // namespace xpoll::test

#define XPOLL_CLOSE_REMOVES(suite)                                                                 \
  INSTANTIATE_TEST_SUITE_P(                                                                        \
      , suite,                                                                                     \
      testing::Values(xpoll::test::CloseRemoves::kByAddition,                                      \
                      xpoll::test::CloseRemoves::kByInstance),                                     \
      [](const testing::TestParamInfo<xpoll::test::CloseRemoves>& info) {                          \
        return info.param == xpoll::test::CloseRemoves::kByAddition ? "ByAddition" : "ByInstance"; \
      })
