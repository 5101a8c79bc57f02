// SPDX-License-Identifier: GPL-2.0-only
#include "symbols.h"

#include <algorithm>
#include <istream>
#include <sstream>
#include <stdexcept>

namespace bench_profile {
namespace {

bool is_text(char type) { return type == 't' || type == 'T' || type == 'w' || type == 'W'; }

/// Turns "[xpoll]" into "xpoll".
std::string without_brackets(const std::string& word) {
  return word.size() > 2 ? word.substr(1, word.size() - 2) : "";
}

}  // namespace

Symbols::Symbols(std::istream& kallsyms) {
  std::string line;
  while (std::getline(kallsyms, line)) {
    std::istringstream words(line);
    Symbol symbol;
    char type = 0;
    std::string module;
    if (!(words >> std::hex >> symbol.address >> type >> symbol.name)) continue;
    words >> module;
    if (!is_text(type) || symbol.address < kKernelHalf) continue;
    symbol.module = without_brackets(module);
    sorted_.push_back(std::move(symbol));
  }
  if (sorted_.empty()) throw std::runtime_error("no functions in kallsyms: read it as root");
  std::ranges::stable_sort(sorted_, {}, &Symbol::address);
}

const Symbol* Symbols::find(std::uint64_t address) const {
  auto after = std::ranges::upper_bound(sorted_, address, {}, &Symbol::address);
  if (after == sorted_.begin()) return nullptr;
  // If several names have the same address, the first one in kallsyms wins.
  return &*std::ranges::lower_bound(sorted_, std::prev(after)->address, {}, &Symbol::address);
}

}  // namespace bench_profile
