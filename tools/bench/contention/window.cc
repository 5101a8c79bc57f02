// SPDX-License-Identifier: GPL-2.0-only
#include "window.h"

#include <istream>
#include <ostream>
#include <stdexcept>
#include <string>

namespace bench_contention {

void write_windows(const std::vector<Window>& windows, std::ostream& out) {
  for (const Window& window : windows) {
    out << "window " << window.instructions << ' ' << window.locked << ' '
        << window.crossings.written << ' ' << window.crossings.read << '\n';
    for (const auto& [address, crossings] : window.sites) {
      out << "site " << address << ' ' << crossings.written << ' ' << crossings.read << '\n';
    }
  }
}

std::vector<Window> read_windows(std::istream& in) {
  std::vector<Window> windows;
  std::string kind;
  while (in >> kind) {
    if (kind == "window") {
      Window& window = windows.emplace_back();
      in >> window.instructions >> window.locked >> window.crossings.written >>
          window.crossings.read;
    } else if (kind == "site" && !windows.empty()) {
      std::uint64_t address = 0;
      in >> address;
      Crossings& crossings = windows.back().sites[address];
      in >> crossings.written >> crossings.read;
    } else {
      in.setstate(std::ios::failbit);
    }
  }
  if (!in.eof()) throw std::runtime_error("this is not what the plugin for contention writes");
  return windows;
}

}  // namespace bench_contention
