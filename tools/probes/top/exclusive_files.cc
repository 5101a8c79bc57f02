// SPDX-License-Identifier: GPL-2.0-only
#include "probes/top/exclusive_files.h"

namespace top {

void ExclusiveFiles::fill(std::vector<Worker>& workers, const std::vector<Row>& rows) {
  Rows open;
  for (const Row& row : rows)
    if (!row.closed) open.emplace(Instance{row.ep, row.seen_since}, &row);

  std::map<Instance, std::optional<Exclusive>> answers;
  for (Worker& worker : workers) {
    const Instance instance{worker.ep, worker.instance_since};
    const auto [answer, added] = answers.try_emplace(instance);
    if (added) answer->second = of(instance, open);
    worker.file = answer->second.value_or(Exclusive());
  }
  files_.clear();
  for (const auto& [instance, answer] : answers)
    if (answer) files_.emplace(instance, *answer);
}

std::optional<Exclusive> ExclusiveFiles::of(const Instance& instance, const Rows& open) const {
  if (const auto known = files_.find(instance); known != files_.end()) return known->second;
  const auto row = open.find(instance);
  if (row == open.end()) return std::nullopt;
  const Holder& holder = row->second->holders.front();
  return ask_(row->second->kind, holder.pid, holder.fd);
}

}  // namespace top
