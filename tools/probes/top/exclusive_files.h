// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "probes/top/row.h"
#include "probes/top/worker.h"

namespace top {

/// The file that each worker's instance watches with EPOLLEXCLUSIVE. It is read once per instance,
/// when the instance has a worker: a list of many watches is long, and the kernel holds the
/// instance's mutex while it writes the list.
class ExclusiveFiles {
 public:
  /// Returns empty if the answer is not available now.
  using Ask = std::function<std::optional<Exclusive>(top_kind kind, pid_t pid, int fd)>;
  explicit ExclusiveFiles(Ask ask) : ask_(std::move(ask)) {}

  /// `rows` are the instances.
  void fill(std::vector<Worker>& workers, const std::vector<Row>& rows);

 private:
  using Instance = std::pair<std::uint64_t, std::uint64_t>;
  using Rows = std::map<Instance, const Row*>;

  std::optional<Exclusive> of(const Instance& instance, const Rows& open) const;

  Ask ask_;
  std::map<Instance, Exclusive> files_;  ///< instances that had workers last time
};

}  // namespace top
