// SPDX-License-Identifier: GPL-2.0-only
#ifndef XPOLL_SELFTESTS_FAULTS_FAULT_KINDS_H
#define XPOLL_SELFTESTS_FAULTS_FAULT_KINDS_H

namespace xpoll_test {

// Whether the kernel was built to inject faults into single calls (CONFIG_FAULT_INJECTION and the
// kinds that the tests use).
bool canInjectFaults();

// Which kinds of faults fail-nth counts, for as long as this lives. Copies from and to user space
// are always among them: no knob takes them out.
class FaultKinds {
 public:
  enum class Beside { kNothing, kSlab, kPages };

  explicit FaultKinds(Beside usercopy);
  FaultKinds(const FaultKinds&) = delete;
  FaultKinds& operator=(const FaultKinds&) = delete;
  // Nothing but copies fails then.
  ~FaultKinds();
};

}  // namespace xpoll_test

#endif  // XPOLL_SELFTESTS_FAULTS_FAULT_KINDS_H
