// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <cstdint>
#include <iosfwd>
#include <string>
#include <vector>

namespace bench_profile {

/// A kernel function.
struct Symbol {
  std::uint64_t address = 0;
  std::string name;
  std::string module;  // empty for the kernel itself
};

constexpr std::uint64_t kKernelHalf = 0xffff'8000'0000'0000;

class Symbols {
 public:
  /// Parses /proc/kallsyms, read as root. Throws std::runtime_error.
  explicit Symbols(std::istream& kallsyms);

  /// Returns the function that contains a kernel address, or null if the address precedes all
  /// functions.
  [[nodiscard]] const Symbol* find(std::uint64_t address) const;

 private:
  std::vector<Symbol> sorted_;
};

}  // namespace bench_profile
