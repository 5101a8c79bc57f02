// SPDX-License-Identifier: GPL-2.0-only
#include "race.h"

#include <gtest/gtest.h>

#include <atomic>
#include <exception>
#include <list>

#include "stress.h"
#include "thread.h"

namespace xpoll::test {
namespace {

// A step that throws fails the test, and leaves no other step waiting.
void run(const Step& step) {
  try {
    step();
  } catch (const std::exception& error) {
    ADD_FAILURE() << error.what();
  }
}

}  // namespace

void race(int rounds, const Step& prepare, const std::vector<Step>& steps, const Step& check) {
  std::atomic<bool> stop{false};
  StartLine start(static_cast<unsigned>(steps.size()) + 1);
  StartLine finish(static_cast<unsigned>(steps.size()) + 1);
  std::list<Thread> threads;
  for (const Step& step : steps) {
    threads.emplace_back([&, step] {
      for (start.meet(); !stop; start.meet()) {
        run(step);
        finish.meet();
      }
    });
  }
  for (; rounds > 0; --rounds) {
    run(prepare);
    if (testing::Test::HasFailure()) break;
    start.meet();
    finish.meet();
    run(check);
  }
  stop = true;
  start.meet();
  for (Thread& thread : threads) thread.join();
}

}  // namespace xpoll::test
