// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <vector>

#include "tools/util/backend.h"

namespace xpoll::test {

// An instance with as many eventfds to watch as are asked for.
class Watcher {
 public:
  explicit Watcher(Backend backend) : backend_(backend), ep_(backend.instance()) {}

  int ep() const { return ep_.get(); }
  // The descriptor that was added last.
  int newest() const { return watched_.back().get(); }

  // One more watch. What the ADD returned, errno included.
  int add_one();
  // Adds watches until one fails, `count` at most. How many succeeded; errno is of the one that
  // failed.
  int fill(int count);
  // fill() that throws unless all succeed.
  void must_fill(int count);

  void delete_newest();
  void close_newest() { watched_.pop_back(); }
  void close_instance() { ep_.reset(); }

 private:
  Backend backend_;
  unique_fd ep_;
  std::vector<unique_fd> watched_;
};

}  // namespace xpoll::test
