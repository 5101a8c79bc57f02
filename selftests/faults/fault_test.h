// SPDX-License-Identifier: GPL-2.0-only
#ifndef XPOLL_SELFTESTS_FAULTS_FAULT_TEST_H
#define XPOLL_SELFTESTS_FAULTS_FAULT_TEST_H

#include <gtest/gtest.h>

#include <string>

#include "util/backend.h"

namespace xpoll_test {

// A test that injects faults, on a kernel that can. It must leave no watch behind: none that the
// user pays for, no object, no wakeup source.
class FaultTest : public testing::Test {
 protected:
  void SetUp() override;
  void TearDown() override;

  const Backend backend_ = Backend::xpoll();

 private:
  int room_ = 0;
  std::string wakeup_sources_;
};

}  // namespace xpoll_test

#endif  // XPOLL_SELFTESTS_FAULTS_FAULT_TEST_H
