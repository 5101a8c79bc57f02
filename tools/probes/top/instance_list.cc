// SPDX-License-Identifier: GPL-2.0-only
#include "probes/top/instance_list.h"

#include <fmt/format.h>
#include <linux/magic.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <functional>
#include <map>
#include <system_error>
#include <utility>

#include "probes/util/unavailable.h"
#include "tools/util/file.h"
#include "tools/util/json_text.h"
#include "tools/util/text_table.h"

namespace top {
namespace {

using xpoll::ListedInstance;

constexpr const char* kDevice = "/dev/xpoll";

using Before = std::function<bool(const ListedInstance&, const ListedInstance&)>;

Before biggest_first(std::uint64_t ListedInstance::*figure) {
  return
      [figure](const ListedInstance& a, const ListedInstance& b) { return a.*figure > b.*figure; };
}

const std::map<std::string, Before>& list_orders() {
  static const std::map<std::string, Before> orders{
      {"pid", [](const ListedInstance& a, const ListedInstance& b) { return a.pid < b.pid; }},
      {"command", [](const ListedInstance& a, const ListedInstance& b) { return a.comm < b.comm; }},
      {"watches", biggest_first(&ListedInstance::watches)},
      {"callbacks", biggest_first(&ListedInstance::callbacks)},
      {"wakes", biggest_first(&ListedInstance::wakeups)},
      {"events", biggest_first(&ListedInstance::events)},
      {"overflows", biggest_first(&ListedInstance::overflows)},
  };
  return orders;
}

bool passes(const ListedInstance& instance, const Selection& selection) {
  const bool pid = selection.pids.empty() ||
                   std::ranges::find(selection.pids, instance.pid) != selection.pids.end();
  return pid && instance.comm.find(selection.command) != std::string::npos;
}

/// A thread gives itself any name. On a terminal it must not move the cursor.
std::string visible(std::string name) {
  std::ranges::replace_if(
      name, [](char c) { return c < ' ' || c > '~'; }, '?');
  return name;
}

std::string state_of(const ListedInstance& instance) {
  if (instance.ready) return instance.waiting ? "ready, waiting" : "ready";
  return instance.waiting ? "waiting" : "-";
}

std::string or_dash(std::uint32_t number) { return number ? std::to_string(number) : "-"; }

bool is_debugfs_mounted() {
  struct statfs mounted {};
  return ::statfs("/sys/kernel/debug", &mounted) == 0 && mounted.f_type == DEBUGFS_MAGIC;
}

std::string list_text() {
  try {
    return xpoll::read_file(xpoll::kInstanceList);
  } catch (const std::system_error& error) {
    const std::string why = error.what();
    if (error.code().value() == EACCES || error.code().value() == EPERM)
      throw probes::Unavailable(fmt::format("{}: the list of instances is for root", why));
    if (access(kDevice, F_OK) != 0)
      throw probes::Unavailable("xpoll is not loaded, so there is no instance: modprobe xpoll");
    if (error.code().value() != ENOENT) throw;
    throw probes::Unavailable(fmt::format(
        "{}: {}; without --instances xpoll-top uses eBPF programs instead", why,
        is_debugfs_mounted() ? "the module that is loaded, or its kernel, has no list of instances"
                             : "the list of instances needs debugfs, mounted by: mount -t debugfs "
                               "debugfs /sys/kernel/debug"));
  }
}

}  // namespace

std::vector<std::string> list_sort_keys() {
  std::vector<std::string> keys;
  for (const auto& [key, order] : list_orders()) keys.push_back(key);
  return keys;
}

std::vector<ListedInstance> select(std::vector<ListedInstance> instances,
                                   const Selection& selection) {
  std::erase_if(instances,
                [&](const ListedInstance& instance) { return !passes(instance, selection); });
  std::ranges::stable_sort(instances, list_orders().at(selection.sort));
  return instances;
}

std::string instance_table(const std::vector<ListedInstance>& instances) {
  constexpr std::size_t kLeft = 2;
  xpoll::TextTable table(
      xpoll::columns_of({"COMMAND", "STATE", "ID", "PID", "UID", "GROUP", "SLOTS", "WATCHES",
                         "WATCHERS", "CALLBACKS", "WAKES", "SCANS", "EVENTS", "OVERFLOWS"},
                        kLeft));
  for (const ListedInstance& one : instances) {
    table.add({visible(one.comm), state_of(one), std::to_string(one.id), std::to_string(one.pid),
               std::to_string(one.uid), or_dash(one.group), or_dash(one.slots),
               std::to_string(one.watches), std::to_string(one.watchers),
               std::to_string(one.callbacks), std::to_string(one.wakeups),
               std::to_string(one.scans), std::to_string(one.events),
               std::to_string(one.overflows)});
  }
  const std::size_t count = instances.size();
  table.add({fmt::format("({} instance{})", count, count == 1 ? "" : "s")});
  return table.text();
}

nlohmann::ordered_json to_json(const std::vector<ListedInstance>& instances) {
  nlohmann::ordered_json json{{"type", "instances"},
                              {"instances", nlohmann::ordered_json::array()}};
  for (const ListedInstance& one : instances)
    json["instances"].push_back({{"id", one.id},
                                 {"pid", one.pid},
                                 {"command", one.comm},
                                 {"uid", one.uid},
                                 {"group", one.group},
                                 {"slots", one.slots},
                                 {"watches", one.watches},
                                 {"watchers", one.watchers},
                                 {"ready", one.ready},
                                 {"waiting", one.waiting},
                                 {"close_removes", one.close_removes},
                                 {"added", one.added},
                                 {"callbacks", one.callbacks},
                                 {"wakes", one.wakeups},
                                 {"scans", one.scans},
                                 {"events", one.events},
                                 {"overflows", one.overflows}});
  return json;
}

void show_instances(const Options& options) {
  const auto instances = select(xpoll::parse_listed_instances(list_text()), options.selection);
  if (!options.json) {
    fmt::print("{}", instance_table(instances));
    return;
  }
  fmt::print("{}\n", xpoll::json_text(to_json(instances)));
}

}  // namespace top
