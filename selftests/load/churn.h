// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <atomic>
#include <list>

#include "util/stress.h"
#include "util/thread.h"

namespace xpoll::test {

// Threads that open and close unwatched files while the object lives.
class Churn {
 public:
  explicit Churn(int threads);

  int closes() const { return closes_; }
  void wait_until_more() const;

 private:
  void close_forever();

  std::atomic<bool> stop_{false};
  std::atomic<int> closes_{0};
  std::list<Thread> threads_;
  const SetAtExit stop_at_exit_{stop_};
};

}  // namespace xpoll::test
