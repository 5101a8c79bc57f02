// SPDX-License-Identifier: GPL-2.0-only
#ifndef XPOLL_SELFTESTS_STRESS_RMMOD_ATTEMPTS_H
#define XPOLL_SELFTESTS_STRESS_RMMOD_ATTEMPTS_H

#include <gtest/gtest.h>

#include <atomic>
#include <memory>

#include "util/fd.h"
#include "util/thread.h"

namespace xpoll_test {

// Tries to unload the module all the time that tests run. It is in use, so each must be refused.
class RmmodAttempts : public testing::Environment {
 public:
  void SetUp() override;
  void TearDown() override;

 private:
  void tryForever();

  Fd device_;
  std::atomic<bool> stop_{false};
  int attempts_ = 0;
  int refused_ = 0;
  std::unique_ptr<Thread> thread_;
};

}  // namespace xpoll_test

#endif  // XPOLL_SELFTESTS_STRESS_RMMOD_ATTEMPTS_H
