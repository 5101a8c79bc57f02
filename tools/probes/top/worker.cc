// SPDX-License-Identifier: GPL-2.0-only
#include "probes/top/worker.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

namespace top {
namespace {

using Instance = std::pair<std::uint64_t, std::uint64_t>;
/// What the members of a group share: numbers that identify files, instances or parents, and a
/// command.
using Key = std::tuple<Common, top_kind, std::uint64_t, std::uint64_t, std::string>;

Instance instance_of(const Worker& worker) { return {worker.ep, worker.instance_since}; }

std::map<Instance, std::vector<Worker>> by_instance(const std::vector<Worker>& workers) {
  std::map<Instance, std::vector<Worker>> instances;
  for (const Worker& worker : workers) instances[instance_of(worker)].push_back(worker);
  return instances;
}

Key key_of(const Worker& worker, top_kind kind, bool shared) {
  if (worker.file) return {Common::file, kind, worker.file->device, worker.file->inode, ""};
  if (shared) return {Common::instance, kind, worker.ep, worker.instance_since, ""};
  return {Common::program, kind, static_cast<std::uint64_t>(worker.parent), 0, worker.command};
}

bool busier(const Worker& a, const Worker& b) {
  return std::tie(b.events, a.tid, a.ep) < std::tie(a.events, b.tid, b.ep);
}

}  // namespace

const char* common_name(Common common) {
  switch (common) {
    case Common::file:
      return "file";
    case Common::instance:
      return "instance";
    case Common::program:
      return "program";
  }
  return "";
}

std::uint64_t Group::events() const {
  std::uint64_t events = 0;
  for (const Worker& worker : workers) events += worker.events;
  return events;
}

std::optional<double> Group::share(const Worker& worker) const {
  const std::uint64_t all = events();
  if (all == 0) return std::nullopt;
  return static_cast<double>(worker.events) / static_cast<double>(all);
}

std::optional<double> Group::max_min() const {
  if (workers.size() < 2 || least() == 0) return std::nullopt;
  return static_cast<double>(most()) / static_cast<double>(least());
}

std::vector<Group> groups_of(const std::vector<Row>& rows, const std::vector<Worker>& workers) {
  const auto instances = by_instance(workers);
  std::map<Key, std::size_t> places;
  std::vector<Group> groups;
  for (const Row& row : rows) {
    const auto found = instances.find({row.ep, row.seen_since});
    if (found == instances.end()) continue;
    for (const Worker& worker : found->second) {
      const Key key = key_of(worker, row.kind, found->second.size() > 1);
      const auto [place, added] = places.try_emplace(key, groups.size());
      if (added) groups.push_back({std::get<Common>(key), row.kind, {}});
      groups[place->second].workers.push_back(worker);
    }
  }
  for (Group& group : groups) std::ranges::sort(group.workers, busier);
  return groups;
}

}  // namespace top
