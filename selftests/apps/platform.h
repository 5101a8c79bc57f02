// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <gtest/gtest.h>

#include <ostream>

#include "tools/util/backend.h"

namespace xpoll::test {

// What a program runs on, and how it comes there.
struct Platform {
  Backend backend;
  const char* option;  // of xpoll-run, if the backend is xpoll
  const char* name;

  friend std::ostream& operator<<(std::ostream& out, const Platform& platform) {
    return out << platform.name;
  }
};

constexpr Platform kNativeEpoll{Backend::native(), "", "native"};
constexpr Platform kXpollByPreload{Backend::xpoll(), "--preload", "xpoll"};
constexpr Platform kXpollByCalls{Backend::xpoll(), "--calls", "xpoll_by_calls"};

inline std::string name_of(const testing::TestParamInfo<Platform>& info) { return info.param.name; }

}  // namespace xpoll::test

// The suite is a class derived from AppTest, its tests are TEST_P.
#define XPOLL_ON_PLATFORMS(suite, ...) \
  INSTANTIATE_TEST_SUITE_P(, suite, testing::Values(__VA_ARGS__), xpoll::test::name_of)
#define XPOLL_WITH_PRELOAD(suite) \
  XPOLL_ON_PLATFORMS(suite, xpoll::test::kXpollByPreload, xpoll::test::kNativeEpoll)
#define XPOLL_WITHOUT_PRELOAD(suite) \
  XPOLL_ON_PLATFORMS(suite, xpoll::test::kXpollByCalls, xpoll::test::kNativeEpoll)
#define XPOLL_IN_EACH_WAY(suite)                                                      \
  XPOLL_ON_PLATFORMS(suite, xpoll::test::kXpollByPreload, xpoll::test::kXpollByCalls, \
                     xpoll::test::kNativeEpoll)
