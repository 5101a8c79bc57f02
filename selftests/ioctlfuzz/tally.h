// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <vector>

namespace xpoll::ioctlfuzz {

// Counts the results of all threads' calls.
class Tally {
 public:
  // By call: how often each errno occurred, 0 for success.
  using Counts = std::map<std::string, std::map<int, std::uint64_t>>;

  void count(const std::string& call, int error);
  // Records a result that the ABI rules out.
  void violation(std::string what);

  // Call it when the threads have ended.
  const Counts& counts() const { return counts_; }
  const std::vector<std::string>& violations() const { return violations_; }

 private:
  std::mutex mutex_;
  Counts counts_;
  std::vector<std::string> violations_;
};

}  // namespace xpoll::ioctlfuzz
