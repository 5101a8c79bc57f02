// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <memory>

#include "tools/util/checked.h"
#include "util/thread.h"

namespace xpoll::test {

// Tries to unload the module all the time that tests run. It is in use, so each must be refused.
class RmmodAttempts : public testing::Environment {
 public:
  void SetUp() override;
  void TearDown() override;

 private:
  void try_forever();

  unique_fd device_;
  std::atomic<bool> stop_{false};
  int attempts_ = 0;
  int refused_ = 0;
  std::unique_ptr<Thread> thread_;
};

}  // namespace xpoll::test
