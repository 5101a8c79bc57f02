// SPDX-License-Identifier: GPL-2.0-only
#pragma once

namespace xpoll::test {

// Whether the kernel can inject faults into single calls (CONFIG_FAULT_INJECTION and the kinds that
// the tests use).
bool can_inject_faults();

// Selects which kinds of faults fail-nth counts, while it lives. User copies are always included;
// nothing disables them.
class FaultKinds {
 public:
  enum class Beside { kNothing, kSlab, kPages };

  explicit FaultKinds(Beside usercopy);
  FaultKinds(const FaultKinds&) = delete;
  FaultKinds& operator=(const FaultKinds&) = delete;
  // Disables all kinds but user copies.
  ~FaultKinds();
};

}  // namespace xpoll::test
