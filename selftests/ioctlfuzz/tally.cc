// SPDX-License-Identifier: GPL-2.0-only
#include "ioctlfuzz/tally.h"

#include <utility>

namespace xpoll::ioctlfuzz {

void Tally::count(const std::string& call, int error) {
  const std::scoped_lock lock(mutex_);
  ++counts_[call][error];
}

void Tally::violation(std::string what) {
  const std::scoped_lock lock(mutex_);
  violations_.push_back(std::move(what));
}

}  // namespace xpoll::ioctlfuzz
