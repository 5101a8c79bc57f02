// SPDX-License-Identifier: GPL-2.0-only
#include "load/hooks.h"

#include <algorithm>
#include <array>
#include <sstream>
#include <string_view>

#include "load/pseudo_file.h"

namespace xpoll::test {
namespace {

// The line of a function may be followed by indented ones, one of which names the direct call.
std::vector<std::string> functions_that_call(const std::vector<std::string>& trampolines) {
  std::vector<std::string> hooked;
  std::istringstream enabled(read_text("/sys/kernel/tracing/enabled_functions"));
  std::string function;
  for (std::string line; std::getline(enabled, line);) {
    if (!line.starts_with('\t')) function = line.substr(0, line.find(' '));
    for (const std::string& trampoline : trampolines)
      if (line.find("direct-->" + trampoline) != std::string::npos) hooked.push_back(function);
  }
  return hooked;
}

bool is_epoll_function(const std::string& name) {
  constexpr std::array<std::string_view, 5> kNames{
      "do_epoll_wait", "do_epoll_ctl", "do_epoll_ctl_file", "epoll_sendevents", "do_epoll_create"};
  return std::ranges::find(kNames, name) != kNames.end();
}

}  // namespace

std::vector<std::string> hooked_functions() {
  return functions_that_call({"xp_last_close_trampoline"});
}

std::vector<std::string> hooked_close_functions() {
  return functions_that_call({"xp_fd_close_trampoline"});
}

std::vector<std::string> hooked_epoll_functions() {
  return functions_that_call({"xp_wait_trampoline", "xp_ctl_trampoline", "xp_ctl_file_trampoline",
                              "xp_sendevents_trampoline", "xp_create_trampoline"});
}

const std::vector<std::string>& epoll_functions() {
  static const std::vector<std::string> functions = [] {
    std::istringstream all(read_text("/sys/kernel/tracing/available_filter_functions"));
    std::vector<std::string> found;
    for (std::string line; std::getline(all, line);)
      if (is_epoll_function(line)) found.push_back(line);
    return found;
  }();
  return functions;
}

}  // namespace xpoll::test
