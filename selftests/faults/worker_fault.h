// SPDX-License-Identifier: GPL-2.0-only
#pragma once

namespace xpoll::test {

// For as long as this lives, one slab allocation of the kernel's workers fails: the first that goes
// beyond so many bytes. What the module has them do is out of the reach of NthFault.
class WorkerFault {
 public:
  explicit WorkerFault(long bytes_before);
  WorkerFault(const WorkerFault&) = delete;
  WorkerFault& operator=(const WorkerFault&) = delete;
  ~WorkerFault();
};

}  // namespace xpoll::test
