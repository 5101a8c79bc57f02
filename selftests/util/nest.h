// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <vector>

#include "tools/util/backend.h"

namespace xpoll::test {

// A chain of instances, each of which watches the next one for EPOLLIN.
class Chain {
 public:
  Chain(Backend backend, int instances);

  int top() const { return instances_.front().get(); }
  int bottom() const { return instances_.back().get(); }
  // The instance that the i-th from the top watches.
  int below(int i) const { return instances_.at(static_cast<std::size_t>(i) + 1).get(); }
  void close_bottom() { instances_.pop_back(); }

 private:
  std::vector<unique_fd> instances_;
};

}  // namespace xpoll::test
