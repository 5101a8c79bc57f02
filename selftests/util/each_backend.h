// SPDX-License-Identifier: GPL-2.0-only
#ifndef XPOLL_SELFTESTS_UTIL_EACH_BACKEND_H
#define XPOLL_SELFTESTS_UTIL_EACH_BACKEND_H

#include <gtest/gtest.h>

#include "backend.h"

namespace xpoll_test {

constexpr const char* kDevice = "/dev/xpoll";

// Set by --native-only: the xpoll half is skipped instead of failing where there is no module.
void setNativeOnly(bool native_only);

// Fails the test if there is no /dev/xpoll, so that a run without the module can't pass unnoticed;
// skips it under --native-only. For SetUp().
void requireXpoll();

// A test that runs on xpoll and on native epoll.
class EachBackend : public testing::TestWithParam<Backend> {
 protected:
  void SetUp() override {
    if (GetParam().isXpoll()) requireXpoll();
  }

  const Backend backend_ = GetParam();
};

// A test that runs on xpoll only.
class XpollOnly : public testing::Test {
 protected:
  void SetUp() override { requireXpoll(); }

  const Backend backend_ = Backend::xpoll();
};

}  // namespace xpoll_test

// The suite is a class derived from EachBackend (or an alias of it), its tests are TEST_P.
#define XPOLL_FOR_EACH_BACKEND(suite)                                                        \
  INSTANTIATE_TEST_SUITE_P(                                                                  \
      , suite, testing::Values(xpoll_test::Backend::xpoll(), xpoll_test::Backend::native()), \
      [](const testing::TestParamInfo<xpoll_test::Backend>& info) { return info.param.name(); })

#endif  // XPOLL_SELFTESTS_UTIL_EACH_BACKEND_H
