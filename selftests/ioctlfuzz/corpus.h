// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <vector>

#include "fuzz/random.h"

namespace xpoll::ioctlfuzz {

// A step and the steps before it, which produced the state that it met.
using Window = std::array<std::uint64_t, 4>;

// The windows that reached new code in the module.
class Corpus {
 public:
  void add(const Window& window) {
    const std::scoped_lock lock(mutex_);
    windows_.push_back(window);
  }

  std::optional<Window> pick(xpoll::fuzz::Random& random) {
    const std::scoped_lock lock(mutex_);
    if (windows_.empty()) return std::nullopt;
    return windows_[random.below(windows_.size())];
  }

  std::size_t size() const { return windows_.size(); }

 private:
  std::mutex mutex_;
  std::vector<Window> windows_;
};

}  // namespace xpoll::ioctlfuzz
