// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <cstdint>
#include <filesystem>
#include <ostream>

namespace xpoll::test {

// What the kernel counted of a program's instances on xpoll, as far as the tests look at it.
struct RunStats {
  std::uint64_t instances = 0;
  std::uint64_t watches = 0;
  std::uint64_t wakeups = 0;
  std::uint64_t events = 0;

  RunStats& operator+=(const RunStats& other);
  friend bool operator==(const RunStats&, const RunStats&) = default;
  friend std::ostream& operator<<(std::ostream& out, const RunStats& stats);
};

// From the file of `xpoll-run --stats-json`; throws if it is missing or says that the program did
// not run on xpoll.
RunStats read_stats(const std::filesystem::path& file);

}  // namespace xpoll::test
