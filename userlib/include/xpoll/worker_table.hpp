// SPDX-License-Identifier: MIT
// The page in which workers publish their loads and heartbeats.
#ifndef XPOLL_WORKER_TABLE_HPP
#define XPOLL_WORKER_TABLE_HPP

#include <xpoll/wake.h>

#include <cstdint>
#include <stdexcept>
#include <utility>
#include <xpoll/check.hpp>
#include <xpoll/cxx20.hpp>

namespace xpoll {

/// Owns a mapping of the table of workers of a group or an instance, which group::workers() and
/// poller::workers() return. It outlives both, and a process that forks shares it with its
/// children. load() and beat() may be called from any number of threads at once.
class [[nodiscard]] worker_table final {
 public:
  /// Takes ownership of what xpoll_workers_map() returned; nullptr means none. A table that has
  /// been moved from has no workers either.
  explicit worker_table(xpoll_worker* workers) noexcept : workers_(workers) {}
  worker_table(worker_table&& other) noexcept : workers_(std::exchange(other.workers_, nullptr)) {}
  worker_table& operator=(worker_table&& other) noexcept {
    std::swap(workers_, other.workers_);
    return *this;
  }
  ~worker_table() {
    if (workers_) xpoll_workers_unmap(workers_);
  }

  /// Publishes the load of a worker, 1 to XPOLL_WORKERS_MAX, in a unit of the program's choice.
  /// Throws std::out_of_range for another number.
  void load(std::uint32_t worker, std::uint64_t load) { xpoll_worker_load(&entry(worker), load); }

  /// Publishes a heartbeat of a worker. Throws std::out_of_range as load() does.
  void beat(std::uint32_t worker) { xpoll_worker_beat(&entry(worker)); }

 private:
  xpoll_worker& entry(std::uint32_t worker) const {
    if (!workers_ || worker < 1 || worker > XPOLL_WORKERS_MAX)
      throw std::out_of_range("xpoll::worker_table: no worker has this number");
    return workers_[worker - 1];
  }

  xpoll_worker* workers_;
};

namespace detail {

inline worker_table map_workers(int fd) {
  xpoll_worker* const workers = xpoll_workers_map(fd);
  if (!workers) fail("xpoll_workers_map");
  return worker_table(workers);
}

}  // namespace detail

}  // namespace xpoll

#endif  // XPOLL_WORKER_TABLE_HPP
