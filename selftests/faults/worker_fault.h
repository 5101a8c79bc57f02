// SPDX-License-Identifier: GPL-2.0-only
#pragma once

namespace xpoll::test {

// While it lives, one slab allocation of the kernel's workers fails: the first one that exceeds
// this many bytes. NthFault can't reach work that the module runs in workers.
class WorkerFault {
 public:
  explicit WorkerFault(long bytes_before);
  WorkerFault(const WorkerFault&) = delete;
  WorkerFault& operator=(const WorkerFault&) = delete;
  ~WorkerFault();
};

}  // namespace xpoll::test
