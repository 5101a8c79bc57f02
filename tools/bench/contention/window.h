// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <cstdint>
#include <iosfwd>
#include <map>
#include <vector>

namespace bench_contention {

/// Accesses to cache lines in which another processor took part.
struct Crossings {
  std::uint64_t written = 0;  // Access::kTakenOver
  std::uint64_t read = 0;     // Access::kFetched
};

/// What all processors did between two marks.
struct Window {
  std::uint64_t instructions = 0;
  std::uint64_t locked = 0;
  Crossings crossings;
  std::map<std::uint64_t, Crossings> sites;  // by address of the instruction
};

/// Writes a line for each window, and one for each of its sites.
void write_windows(const std::vector<Window>& windows, std::ostream& out);
/// Reads that format. Throws std::runtime_error.
std::vector<Window> read_windows(std::istream& in);

}  // namespace bench_contention
