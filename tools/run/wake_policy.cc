// SPDX-License-Identifier: GPL-2.0-only
#include "wake_policy.h"

#include <fmt/format.h>
#include <linux/xpoll.h>

#include <map>
#include <string_view>

#include "failure.h"
#include "own_file.h"

namespace run {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view bpf_prefix = "bpf:";

/// A bare name, such as "sticky", names one of the examples.
fs::path object_of(const std::string& name) {
  if (name.find_first_of("/.") != std::string::npos) return name;
  return own_file(fs::path("wake") / (name + ".bpf.o"));
}

}  // namespace

WakePolicy wake_policy(const std::string& name) {
  static const std::map<std::string, std::uint32_t> policies{
      {"native", XPOLL_WAKE_NATIVE},
      {"round-robin", XPOLL_WAKE_ROUND_ROBIN},
      {"least-loaded", XPOLL_WAKE_LEAST_LOADED},
  };
  if (const auto policy = policies.find(name); policy != policies.end())
    return {.policy = policy->second, .program = {}};
  if (name.starts_with(bpf_prefix) && name.size() > bpf_prefix.size())
    return {.policy = XPOLL_WAKE_BPF, .program = object_of(name.substr(bpf_prefix.size()))};
  throw Failure(
      Status::refused,
      fmt::format("--wake takes native, round-robin, least-loaded or bpf:OBJECT, not '{}'", name));
}

}  // namespace run
