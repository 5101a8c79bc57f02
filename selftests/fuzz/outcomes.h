// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

namespace xpoll::fuzz {

// Counts the outcomes of each operation, which shows what a run reached.
class Outcomes {
 public:
  void count(std::string_view operation, std::string_view outcome);
  std::uint64_t of(std::string_view operation, std::string_view outcome) const;

  std::string table() const;
  nlohmann::json json() const;

 private:
  using Counts = std::map<std::string, std::uint64_t, std::less<>>;
  std::map<std::string, Counts, std::less<>> counts_;
};

// The outcomes common to all operations. Failures are counted by the name of the errno.
constexpr std::string_view kDone = "done";
constexpr std::string_view kNothingToDo = "nothing to do";

}  // namespace xpoll::fuzz
