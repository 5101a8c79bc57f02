// SPDX-License-Identifier: GPL-2.0-only
#ifndef XPOLL_SELFTESTS_UTIL_WATCHER_H
#define XPOLL_SELFTESTS_UTIL_WATCHER_H

#include <vector>

#include "backend.h"

namespace xpoll_test {

// An instance with as many eventfds to watch as are asked for.
class Watcher {
 public:
  explicit Watcher(Backend backend) : backend_(backend), ep_(backend.instance()) {}

  int ep() const { return ep_.get(); }
  // The descriptor that was added last.
  int newest() const { return watched_.back().get(); }

  // One more watch. What the ADD returned, errno included.
  int addOne();
  // Adds watches until one fails, `count` at most. How many succeeded; errno is of the one that
  // failed.
  int fill(int count);
  // fill() that throws unless all succeed.
  void mustFill(int count);

  void deleteNewest();
  void closeNewest() { watched_.pop_back(); }
  void closeInstance() { ep_.reset(); }

 private:
  Backend backend_;
  Fd ep_;
  std::vector<Fd> watched_;
};

}  // namespace xpoll_test

#endif  // XPOLL_SELFTESTS_UTIL_WATCHER_H
