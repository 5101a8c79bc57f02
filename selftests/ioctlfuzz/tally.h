// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <vector>

namespace xpoll::ioctlfuzz {

// What the calls of all threads came to.
class Tally {
 public:
  // By name of the call: errno, 0 for success, to how often.
  using Counts = std::map<std::string, std::map<int, std::uint64_t>>;

  void count(const std::string& call, int error);
  // A result that the ABI rules out.
  void violation(std::string what);

  // When the threads are done.
  const Counts& counts() const { return counts_; }
  const std::vector<std::string>& violations() const { return violations_; }

 private:
  std::mutex mutex_;
  Counts counts_;
  std::vector<std::string> violations_;
};

}  // namespace xpoll::ioctlfuzz
