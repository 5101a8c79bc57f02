// SPDX-License-Identifier: GPL-2.0-only
#pragma once

namespace xpoll::test {

// Whether the kernel was built to inject faults into single calls (CONFIG_FAULT_INJECTION and the
// kinds that the tests use).
bool can_inject_faults();

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

}  // namespace xpoll::test
