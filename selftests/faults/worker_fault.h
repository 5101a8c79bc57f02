// SPDX-License-Identifier: GPL-2.0-only
#ifndef XPOLL_SELFTESTS_FAULTS_WORKER_FAULT_H
#define XPOLL_SELFTESTS_FAULTS_WORKER_FAULT_H

namespace xpoll_test {

// For as long as this lives, one slab allocation of the kernel's workers fails: the first that goes
// beyond so many bytes. What the module has them do is out of the reach of NthFault.
class WorkerFault {
 public:
  explicit WorkerFault(long bytes_before);
  WorkerFault(const WorkerFault&) = delete;
  WorkerFault& operator=(const WorkerFault&) = delete;
  ~WorkerFault();
};

}  // namespace xpoll_test

#endif  // XPOLL_SELFTESTS_FAULTS_WORKER_FAULT_H
