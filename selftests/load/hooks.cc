// SPDX-License-Identifier: GPL-2.0-only
#include "load/hooks.h"

#include <sstream>

#include "load/pseudo_file.h"

namespace xpoll::test {

// A function's line may have indented ones below it, of which one names the direct call.
std::vector<std::string> hooked_functions() {
  std::vector<std::string> hooked;
  std::istringstream enabled(read_text("/sys/kernel/tracing/enabled_functions"));
  std::string function;
  for (std::string line; std::getline(enabled, line);) {
    if (!line.starts_with('\t')) function = line.substr(0, line.find(' '));
    if (line.find("direct-->xp_last_close_trampoline") != std::string::npos)
      hooked.push_back(function);
  }
  return hooked;
}

}  // namespace xpoll::test
