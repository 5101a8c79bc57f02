// SPDX-License-Identifier: GPL-2.0-only
#include "race.h"

#include <gtest/gtest.h>

#include <atomic>
#include <list>

#include "stress.h"
#include "thread.h"

namespace xpoll::test {

void race(int rounds, const Step& prepare, const std::vector<Step>& steps, const Step& check) {
  std::atomic<bool> stop{false};
  StartLine start(static_cast<unsigned>(steps.size()) + 1);
  StartLine finish(static_cast<unsigned>(steps.size()) + 1);
  std::list<Thread> threads;
  for (const Step& step : steps) {
    threads.emplace_back([&, step] {
      for (start.meet(); !stop; start.meet()) {
        step();
        finish.meet();
      }
    });
  }
  for (; rounds > 0 && !testing::Test::HasFailure(); --rounds) {
    prepare();
    start.meet();
    finish.meet();
    check();
  }
  stop = true;
  start.meet();
  for (Thread& thread : threads) thread.join();
}

}  // namespace xpoll::test
