// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <atomic>

namespace xpoll::test {

// `base` suits an emulated processor. The environment variable XPOLL_STRESS=N, a decimal number,
// multiplies it.
int stress_rounds(int base);

// Threads block in meet() until all have arrived. They leave it within a few instructions of each
// other if each has its own processor.
class StartLine {
 public:
  explicit StartLine(unsigned runners) : runners_(runners) {}
  void meet();

 private:
  void gather();
  void align();

  const unsigned runners_;
  std::atomic<unsigned> arrived_{0};
  std::atomic<unsigned> lap_{0};
  std::atomic<unsigned> aligned_{0};
};

// Sets the flag even if a test fails half-way, so that the threads end. Declare it after the
// threads that read the flag.
class SetAtExit {
 public:
  explicit SetAtExit(std::atomic<bool>& flag) : flag_(flag) {}
  SetAtExit(const SetAtExit&) = delete;
  SetAtExit& operator=(const SetAtExit&) = delete;
  ~SetAtExit() { flag_ = true; }

 private:
  std::atomic<bool>& flag_;
};

}  // namespace xpoll::test
