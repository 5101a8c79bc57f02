// SPDX-License-Identifier: GPL-2.0-only
#include "probes/path/timeline.h"

#include <fmt/format.h>

#include "probes/util/microseconds.h"

namespace probes::path {
namespace {

std::string heading(const Event& event) {
  std::string text = fmt::format("{}: {}/{}", name_of(event.kind), event.comm, event.tid);
  text += event.fd ? fmt::format(", fd {}", *event.fd) : ", found without a callback";
  text += fmt::format(", port {} from {}", event.local_port, event.remote_port);
  if (event.packets > 1) text += fmt::format(", {} packets", event.packets);
  if (event.batch > 1) text += fmt::format(", 1 of {} events", event.batch);
  return text;
}

/// The reason why a stage is absent.
std::string_view excuse(const Event& event, Stage stage) {
  if (stage == Stage::callback) return "none: the data was found before";
  if (stage == Stage::running && event.at(Stage::waking)) return "none: not yet off its CPU";
  if (!event.at(Stage::callback)) return "";
  if (stage == Stage::waking && event.came_to_sleeper()) return "none: not seen";
  if (stage == Stage::waking && event.asleep_ns) return "none: the task was woken already";
  if (stage == Stage::waking) return "none: the wait never slept";
  return "";
}

std::string line(const Event& event, Stage stage, std::uint64_t last, TaskNames& names) {
  const Mark& mark = *event.at(stage);
  const std::string since = mark.ns < last ? "out of order" : "+" + microseconds(mark.ns - last);
  return fmt::format("  {:>12} us  {:<24} CPU {:<3} {}\n", since, name_of(stage, event.kind),
                     mark.cpu, names.of(mark.tid));
}

}  // namespace

std::string timeline(const Event& event, TaskNames& names, const Terminal& terminal) {
  std::string text = terminal.in(Colour::bold, heading(event)) + '\n';
  const std::uint64_t begin = event.at(Stage::received)->ns;
  std::uint64_t last = begin;
  for (const Stage stage : kAllStages) {
    if (event.at(stage)) {
      text += line(event, stage, last, names);
      last = event.at(stage)->ns;
    } else if (const auto why = excuse(event, stage); !why.empty()) {
      text += terminal.in(Colour::dim,
                          fmt::format("  {:>15}  {:<24} {}", "", name_of(stage, event.kind), why)) +
              '\n';
    }
  }
  return text + fmt::format("  {:>12} us  in all\n", microseconds(last - begin));
}

}  // namespace probes::path
