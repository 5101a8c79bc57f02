// SPDX-License-Identifier: GPL-2.0-only
#include "apps/concurrently.h"

#include <exception>
#include <list>

#include "util/thread.h"

namespace xpoll::test {

std::vector<std::string> concurrently(const std::vector<std::function<void()>>& bodies) {
  std::list<Thread> threads;
  for (const auto& body : bodies) threads.emplace_back(body);
  std::vector<std::string> failures;
  for (Thread& thread : threads) {
    try {
      thread.join();
    } catch (const std::exception& failure) {
      failures.emplace_back(failure.what());
    }
  }
  return failures;
}

}  // namespace xpoll::test
