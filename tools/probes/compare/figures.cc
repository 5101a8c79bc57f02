// SPDX-License-Identifier: GPL-2.0-only
#include "figures.h"

#include <fmt/format.h>
#include <seccomp.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <memory>
#include <numeric>
#include <span>
#include <string_view>
#include <utility>

namespace probes::compare {
namespace {

constexpr std::array<const char*, COUNTS_XPOLL_COMMANDS> kXpollCommands{
    "XPOLL_IOC_FEATURES", "XPOLL_IOC_CREATE", "XPOLL_IOC_CTL",
    "XPOLL_IOC_WAIT",     "XPOLL_IOC_GROUP",  "XPOLL_IOC_STATS"};

std::string call_name(int number) {
  const std::unique_ptr<char, decltype(&std::free)> name(
      seccomp_syscall_resolve_num_arch(SCMP_ARCH_NATIVE, number), &std::free);
  return name ? name.get() : fmt::format("system call {}", number);
}

std::string command_name(std::size_t number) {
  const char* name = kXpollCommands.at(number);
  return fmt::format("ioctl {}", name ? name : std::to_string(number));
}

CallRow& row_named(std::vector<CallRow>& rows, const std::string& name) {
  const auto found = std::ranges::find(rows, name, &CallRow::name);
  return found != rows.end() ? *found : rows.emplace_back(CallRow{name, 0, 0});
}

/// Stages that the implementations name differently get a common name.
std::string name_of(path::Stage stage) {
  const std::string_view native = path::name_of(stage, path::Kind::native);
  const bool common = native == path::name_of(stage, path::Kind::xpoll);
  return std::string(common ? native : path::key_of(stage));
}

}  // namespace

std::vector<Call> calls_of(const counts& figures) {
  std::vector<Call> calls;
  for (int number = 0; number < COUNTS_SYSTEM_CALLS; ++number)
    if (figures.system_calls[number] > 0)
      calls.push_back({call_name(number), figures.system_calls[number]});
  for (std::size_t number = 0; number < COUNTS_XPOLL_COMMANDS; ++number)
    if (figures.xpoll_commands[number] > 0)
      calls.push_back({command_name(number), figures.xpoll_commands[number]});
  std::ranges::stable_sort(calls, std::greater{}, &Call::count);
  return calls;
}

std::uint64_t all_calls(const counts& figures) {
  const std::span system_calls(figures.system_calls);
  const std::span xpoll_commands(figures.xpoll_commands);
  return std::accumulate(system_calls.begin(), system_calls.end(), std::uint64_t{0}) +
         std::accumulate(xpoll_commands.begin(), xpoll_commands.end(), std::uint64_t{0});
}

std::optional<double> per_event(std::uint64_t count, const counts& figures) {
  if (figures.events == 0) return std::nullopt;
  return static_cast<double>(count) / static_cast<double>(figures.events);
}

std::vector<CallRow> call_rows(const Comparison& comparison) {
  std::vector<CallRow> rows;
  for (const Call& call : calls_of(comparison.native.figures))
    row_named(rows, call.name).native = call.count;
  for (const Call& call : calls_of(comparison.xpoll.figures))
    row_named(rows, call.name).xpoll = call.count;
  std::ranges::stable_sort(rows, std::greater{},
                           [](const CallRow& row) { return std::max(row.native, row.xpoll); });
  return rows;
}

std::vector<StepRow> step_rows(const Comparison& comparison) {
  std::map<path::Step, StepRow> rows;
  for (const auto& [step, times] : comparison.native.path.steps) rows[step].native = times;
  for (const auto& [step, times] : comparison.xpoll.path.steps) rows[step].xpoll = times;
  std::vector<StepRow> ordered;
  for (auto& [step, row] : rows) {
    row.leaves_none_out = index_of(step.to) == index_of(step.from) + 1;
    // Up to this stage no epoll code runs.
    row.same_code = step.to <= path::Stage::readable;
    row.name = fmt::format("{} → {}", name_of(step.from), name_of(step.to));
    ordered.push_back(std::move(row));
  }
  return ordered;
}

StepRow whole_way(const Comparison& comparison) {
  return {.name = "packet → return",
          .leaves_none_out = false,
          .native = comparison.native.path.total,
          .xpoll = comparison.xpoll.path.total};
}

std::vector<std::string> all_notes(const Comparison& comparison) {
  std::vector<std::string> notes;
  for (const std::string& note : comparison.native.notes)
    notes.push_back("on native epoll: " + note);
  for (const std::string& note : comparison.xpoll.notes) notes.push_back("on xpoll: " + note);
  return notes;
}

}  // namespace probes::compare
