// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <gtest/gtest.h>

#include "tools/util/backend.h"

namespace xpoll::test {

constexpr const char* kDevice = "/dev/xpoll";

// Set by --native-only: skips xpoll's tests instead of failing them without the module.
void set_native_only(bool native_only);

// Fails the test if there is no /dev/xpoll, so that a run without the module can't pass unnoticed.
// Skips it under --native-only. Call it in SetUp().
void require_xpoll();

// A test that runs on xpoll and on native epoll.
class EachBackend : public testing::TestWithParam<Backend> {
 protected:
  void SetUp() override {
    if (GetParam().is_xpoll()) require_xpoll();
  }

  const Backend backend_ = GetParam();
};

// A test that runs on xpoll only.
class XpollOnly : public testing::Test {
 protected:
  void SetUp() override { require_xpoll(); }

  const Backend backend_ = Backend::xpoll();
};

}  // namespace xpoll::test

// The suite is a class derived from EachBackend (or an alias of it). Its tests use TEST_P.
#define XPOLL_FOR_EACH_BACKEND(suite)                                              \
  INSTANTIATE_TEST_SUITE_P(                                                        \
      , suite, testing::Values(xpoll::Backend::xpoll(), xpoll::Backend::native()), \
      [](const testing::TestParamInfo<xpoll::Backend>& info) { return info.param.name(); })
