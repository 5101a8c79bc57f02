// SPDX-License-Identifier: GPL-2.0-only
#include "round_counts.h"

#include <istream>
#include <ostream>
#include <stdexcept>

namespace bench_profile {

RoundCounts::Instruction* RoundCounts::instruction(std::uint64_t address) {
  Instruction& found = instructions_[address];
  found.address = address;
  return &found;
}

void RoundCounts::start_section() {
  sections_.emplace_back();
  least_ = 0;
}

void RoundCounts::end_round() {
  in_round_ = false;
  std::uint64_t total = 0;
  for (const Instruction* instruction : touched_) total += instruction->runs;
  // A round without instructions only calibrates the cost of the marks.
  const bool keep = total > 0 && !sections_.empty() && (least_ == 0 || total < least_);
  if (keep) {
    least_ = total;
    sections_.back().clear();
  }
  for (Instruction* instruction : touched_) {
    if (keep) sections_.back()[instruction->address] = instruction->runs;
    instruction->runs = 0;
  }
  touched_.clear();
}

void write_counts(const std::vector<Counts>& sections, std::ostream& out) {
  for (std::size_t section = 0; section < sections.size(); ++section) {
    for (const auto& [address, count] : sections[section]) {
      out << std::dec << section << ' ' << std::hex << address << ' ' << std::dec << count << '\n';
    }
  }
}

std::vector<Counts> read_counts(std::istream& in) {
  std::vector<Counts> sections;
  std::size_t section = 0;
  std::uint64_t address = 0;
  std::uint64_t count = 0;
  while (in >> std::dec >> section >> std::hex >> address >> std::dec >> count) {
    if (section >= sections.size()) sections.resize(section + 1);
    sections[section][address] = count;
  }
  if (!in.eof()) throw std::runtime_error("this is not what the profiler's plugin writes");
  return sections;
}

}  // namespace bench_profile
