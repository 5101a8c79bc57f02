// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <linux/xpoll.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <system_error>

namespace xpoll::test {

// A mapping of the table of workers of an instance's or a group's wake policy.
class WorkerTable {
 public:
  explicit WorkerTable(int fd)
      : workers_(static_cast<xpoll_worker*>(
            mmap(nullptr, size(), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0))) {
    if (workers_ == MAP_FAILED) throw std::system_error(errno, std::generic_category(), "mmap");
  }
  WorkerTable(const WorkerTable&) = delete;
  WorkerTable& operator=(const WorkerTable&) = delete;
  ~WorkerTable() { munmap(workers_, size()); }

  static std::size_t size() { return static_cast<std::size_t>(sysconf(_SC_PAGESIZE)); }
  // Counted from 1.
  xpoll_worker& operator[](int worker) { return workers_[worker - 1]; }

 private:
  xpoll_worker* workers_;
};

}  // namespace xpoll::test
