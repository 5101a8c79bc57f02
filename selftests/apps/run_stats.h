// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <cstdint>
#include <filesystem>
#include <ostream>

namespace xpoll::test {

// The kernel's counters of a program's instances on xpoll, as far as the tests use them.
struct RunStats {
  std::uint64_t instances = 0;
  std::uint64_t watches = 0;
  std::uint64_t wakeups = 0;
  std::uint64_t events = 0;

  RunStats& operator+=(const RunStats& other);
  friend bool operator==(const RunStats&, const RunStats&) = default;
  friend std::ostream& operator<<(std::ostream& out, const RunStats& stats);
};

// Reads the file of `xpoll-run --stats-json`. Throws if it is missing or reports that the program
// did not run on xpoll.
RunStats read_stats(const std::filesystem::path& file);

}  // namespace xpoll::test
