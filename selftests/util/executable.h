// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <sys/personality.h>

#include "tools/util/checked.h"

namespace xpoll::test {

// While it lives, mmap() of this process adds PROT_EXEC to PROT_READ, as it does for old programs
// of 32 bits.
class ReadImpliesExec {
 public:
  ReadImpliesExec() : before_(checked(personality(kAsk), "personality")) {
    checked(personality(static_cast<unsigned long>(before_) | READ_IMPLIES_EXEC), "personality");
  }
  ReadImpliesExec(const ReadImpliesExec&) = delete;
  ReadImpliesExec& operator=(const ReadImpliesExec&) = delete;
  ~ReadImpliesExec() { personality(static_cast<unsigned long>(before_)); }

 private:
  static constexpr unsigned long kAsk = 0xffffffff;

  int before_;
};

// Whether a function that is written to `memory`, of 4 bytes at least, can be called.
bool can_be_executed(void* memory);

}  // namespace xpoll::test
