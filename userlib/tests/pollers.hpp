// SPDX-License-Identifier: MIT
// The instances that a test of a class of pollers runs on.
#ifndef XPOLL_TESTS_POLLERS_HPP
#define XPOLL_TESTS_POLLERS_HPP

#include <gtest/gtest.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>

#include <array>
#include <string>
#include <vector>
#include <xpoll/unique_fd.hpp>

#include "has_module.hpp"

/// A way to make an instance, and its name.
template <class Poller>
struct poller_kind {
  const char* name;
  Poller (*make)();
};

/// Those that this kernel has.
template <class Poller>
std::vector<poller_kind<Poller>> poller_kinds() {
  std::vector<poller_kind<Poller>> kinds{
      {"Native", [] { return Poller::native(); }},
      {"Adopted", [] { return Poller::adopt(epoll_create1(EPOLL_CLOEXEC)); }}};
  if (has_module()) kinds.push_back({"Xpoll", [] { return Poller::create(); }});
  return kinds;
}

/// An instance, a descriptor to watch, and room for events.
template <class Poller>
class PollerTest : public testing::TestWithParam<poller_kind<Poller>> {
 public:
  static std::string name(const testing::TestParamInfo<poller_kind<Poller>>& info) {
    return info.param.name;
  }

 protected:
  explicit PollerTest(unsigned count) : file_(eventfd(count, EFD_CLOEXEC | EFD_NONBLOCK)) {}

  Poller poller_ = this->GetParam().make();
  const xpoll::unique_fd file_;
  const int counter_ = file_.get();
  std::array<epoll_event, 4> room_{};
};

#endif  // XPOLL_TESTS_POLLERS_HPP
