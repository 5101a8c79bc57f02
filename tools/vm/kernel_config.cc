// SPDX-License-Identifier: GPL-2.0-only
#include "kernel_config.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>
#include <stdexcept>
#include <vector>

#include "embedded.h"
#include "fnv.h"

namespace xpoll::vm {

namespace {

struct Profile {
  std::string_view name;
  std::vector<std::string_view> fragments;
  Argv variables;
};

// A function instead of a constant, because the embedded files are initialized in another
// translation unit.
std::vector<Profile> profiles() {
  using namespace embedded;
  return {
      {"debug",
       {base_config, preempt_config, locking_config, memory_config, faults_config, kcov_config},
       {}},
      {"debug-rt", {base_config, rt_config, locking_config}, {}},
      // KCSAN and gcov instrument only modules, whose own builds enable them. A race with an access
      // of the kernel, which is not instrumented, shows only if it changes the module's value.
      {"kcsan",
       {base_config, preempt_config, kcsan_config, gcov_config, faults_config},
       {"KCSAN_SANITIZE=n"}},
      // Only clang has this instrumentation. The builds of modules need CC, too.
      {"kmsan", {base_config, preempt_config, kmsan_config}, {"CC=clang"}},
  };
}

std::vector<std::string_view> option_lines(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    if (line.starts_with("CONFIG_")) lines.push_back(line);
    text.remove_prefix(std::min(line.size() + 1, text.size()));
  }
  return lines;
}

}  // namespace

std::string KernelConfig::key() const {
  std::vector<std::string_view> parts = option_lines(options);
  parts.insert(parts.end(), variables.begin(), variables.end());
  std::ranges::sort(parts);
  return fmt::format("{:08x}", fnv1a_32(fmt::format("{}", fmt::join(parts, "\n"))));
}

KernelConfig config_of_profile(std::string_view profile) {
  for (const Profile& known : profiles()) {
    if (known.name != profile) continue;
    KernelConfig config{.options = {}, .variables = known.variables};
    for (const std::string_view fragment : known.fragments) config.options += fragment;
    return config;
  }
  throw std::runtime_error(fmt::format("no kernel configuration '{}'", profile));
}

std::string dropped_options(std::string_view asked, std::string_view config) {
  const std::vector<std::string_view> lines = option_lines(config);
  const std::set<std::string_view> present{lines.begin(), lines.end()};
  std::string dropped;
  for (const std::string_view option : option_lines(asked)) {
    if (!present.contains(option)) dropped += fmt::format(" {}", option);
  }
  return dropped;
}

}  // namespace xpoll::vm
