// SPDX-License-Identifier: GPL-2.0-only
#ifndef XPOLL_SELFTESTS_UTIL_NEST_H
#define XPOLL_SELFTESTS_UTIL_NEST_H

#include <vector>

#include "backend.h"

namespace xpoll_test {

// Instances each of which watches the next for EPOLLIN.
class Chain {
 public:
  Chain(Backend backend, int instances);

  int top() const { return instances_.front().get(); }
  int bottom() const { return instances_.back().get(); }
  // The one that the i-th from the top watches.
  int below(int i) const { return instances_.at(static_cast<std::size_t>(i) + 1).get(); }
  void closeBottom() { instances_.pop_back(); }

 private:
  std::vector<Fd> instances_;
};

}  // namespace xpoll_test

#endif  // XPOLL_SELFTESTS_UTIL_NEST_H
