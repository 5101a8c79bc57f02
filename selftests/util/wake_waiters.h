// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <memory>

#include "tools/util/descriptors.h"
#include "wake_policy.h"

namespace xpoll::test {

// Workers that wait on one instance for an eventfd's events.
class WakeWaitersTest : public WakePolicyTest {
 protected:
  WakeWaitersTest() { edge_watch(ep_.get(), eventfd_); }

  // They start to wait one after another, with the numbers 1, 2, ... if `numbered`.
  Workers start(int count, bool numbered = false) {
    Workers workers;
    for (int i = 0; i < count; ++i) workers.push_back(start_one(numbered ? i + 1 : 0));
    return workers;
  }
  std::unique_ptr<Worker> start_one(int number) {
    return std::make_unique<Worker>(ep_.get(), eventfd_.get(), number);
  }

  unique_fd ep_ = backend_.instance();
  unique_fd eventfd_ = make_eventfd();
};

}  // namespace xpoll::test
