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

/// Which file each worker's instance watches with EPOLLEXCLUSIVE. Asked once for each instance,
/// when it has a worker: the list of its watches is long where there are many, and its mutex is
/// held while the list is written.
class ExclusiveFiles {
 public:
  /// Empty if it can't be said now.
  using Ask = std::function<std::optional<Exclusive>(top_kind kind, pid_t pid, int fd)>;
  explicit ExclusiveFiles(Ask ask) : ask_(std::move(ask)) {}

  /// Rows: the instances.
  void fill(std::vector<Worker>& workers, const std::vector<Row>& rows);

 private:
  using Instance = std::pair<std::uint64_t, std::uint64_t>;
  using Rows = std::map<Instance, const Row*>;

  std::optional<Exclusive> of(const Instance& instance, const Rows& open) const;

  Ask ask_;
  std::map<Instance, Exclusive> files_;  ///< of the instances that had workers last time
};

}  // namespace top
