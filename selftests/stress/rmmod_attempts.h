// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <memory>

#include "tools/util/checked.h"
#include "util/thread.h"

namespace xpoll::test {

// Tries to unload the module continuously while tests run. The module is in use, so every attempt
// must be refused.
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
