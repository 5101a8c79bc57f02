// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <cstdint>
#include <iosfwd>
#include <map>
#include <unordered_map>
#include <vector>

namespace bench_profile {

/// How often the instruction at each address ran.
using Counts = std::map<std::uint64_t, std::uint64_t>;

/// Counts instructions between marks. It keeps the cheapest round of each section, which is the
/// round that xpoll-bench reports.
class RoundCounts {
 public:
  /// An instruction of the guest. Its address in memory never changes, since QEMU keeps a pointer
  /// to it.
  struct Instruction {
    std::uint64_t address = 0;
    std::uint64_t runs = 0;  // in this round
  };

  Instruction* instruction(std::uint64_t address);

  void executed(Instruction& instruction) {
    if (!in_round_) return;
    if (instruction.runs++ == 0) touched_.push_back(&instruction);
  }
  void start_section();
  void begin_round() { in_round_ = true; }
  void end_round();

  [[nodiscard]] const std::vector<Counts>& sections() const { return sections_; }

 private:
  std::unordered_map<std::uint64_t, Instruction> instructions_;
  std::vector<Instruction*> touched_;  // executed in this round
  std::vector<Counts> sections_;
  std::uint64_t least_ = 0;  // of a round of the last section; 0 before the first round
  bool in_round_ = false;
};

/// Writes one line per counter: section, address, count.
void write_counts(const std::vector<Counts>& sections, std::ostream& out);
/// Reads that format. Throws std::runtime_error.
std::vector<Counts> read_counts(std::istream& in);

}  // namespace bench_profile
