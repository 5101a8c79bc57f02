// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <cstdint>
#include <iosfwd>
#include <string>
#include <vector>

namespace bench_profile {

/// A function of the kernel's.
struct Symbol {
  std::uint64_t address = 0;
  std::string name;
  std::string module;  // empty: of the kernel itself
};

constexpr std::uint64_t kKernelHalf = 0xffff'8000'0000'0000;

class Symbols {
 public:
  /// From /proc/kallsyms as root reads it. Throws std::runtime_error.
  explicit Symbols(std::istream& kallsyms);

  /// The function that an address of the kernel's half is in; null if it is before the first.
  [[nodiscard]] const Symbol* find(std::uint64_t address) const;

 private:
  std::vector<Symbol> sorted_;
};

}  // namespace bench_profile
