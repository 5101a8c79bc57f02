// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <vector>

#include "tools/util/backend.h"

namespace xpoll::test {

// An instance that watches any number of eventfds.
class Watcher {
 public:
  explicit Watcher(Backend backend) : backend_(backend), ep_(backend.instance()) {}

  int ep() const { return ep_.get(); }
  // The descriptor that was added last.
  int newest() const { return watched_.back().get(); }

  // Adds one more watch. Returns the result of the ADD and sets errno.
  int add_one();
  // Adds watches until one fails, but at most `count`. Returns how many succeeded; errno is that of
  // the failed one.
  int fill(int count);
  // Like fill(), but throws unless all succeed.
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
