// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <atomic>

namespace xpoll::test {

// `base` suits an emulated processor; the environment's XPOLL_STRESS=N, a decimal number, multiplies it.
int stress_rounds(int base);

// Threads sleep in meet() until all are there and leave it within a few instructions of each other
// if each has a processor of its own.
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

// Declared after the threads that look at the flag: a test that fails half-way then still lets them
// end.
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
