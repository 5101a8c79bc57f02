// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <set>
#include <vector>

#include "tools/util/checked.h"

namespace xpoll::ioctlfuzz {

// The code locations of the module that were ever reached, as offsets from its start.
class Reached {
 public:
  Reached();

  // Return: how many of them are new.
  std::size_t add(const std::uint64_t* begin, const std::uint64_t* end);
  std::size_t count() const { return offsets_.size(); }

 private:
  std::uint64_t start_ = 0;
  std::uint64_t size_ = 0;
  std::mutex mutex_;
  std::set<std::uint64_t> offsets_;
};

// The trace of this thread's kernel code (KCOV); empty if the kernel has no KCOV.
class Trace {
 public:
  explicit Trace(Reached& reached);
  Trace(const Trace&) = delete;
  Trace& operator=(const Trace&) = delete;
  ~Trace();

  void start();
  // Return: whether the thread reached new code since start().
  bool found_new();

 private:
  Reached& reached_;
  xpoll::unique_fd kcov_;
  std::uint64_t* buffer_ = nullptr;
};

// Whether the kernel has KCOV.
bool can_trace();

}  // namespace xpoll::ioctlfuzz
