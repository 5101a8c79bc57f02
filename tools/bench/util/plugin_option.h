// SPDX-License-Identifier: GPL-2.0-only
// The argument of QEMU's plugins.
#pragma once

#include <cstdio>
#include <string>
#include <string_view>

namespace bench {

/// The file of the argument out=FILE, or an empty string after a message that it is missing.
inline std::string out_option(const char* plugin, int argc, char** argv) {
  constexpr std::string_view kOut = "out=";
  std::string file;
  for (int index = 0; index < argc; ++index) {
    const std::string_view argument = argv[index];
    if (argument.starts_with(kOut)) file = argument.substr(kOut.size());
  }
  if (file.empty()) std::fprintf(stderr, "%s: out=FILE is missing\n", plugin);
  return file;
}

}  // namespace bench
