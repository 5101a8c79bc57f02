// SPDX-License-Identifier: GPL-2.0-only
#include "faults/fault_kinds.h"

#include <unistd.h>

#include <string>

#include "load/pseudo_file.h"

namespace xpoll::test {
namespace {

const std::string kDebug = "/sys/kernel/debug/";

void configure(bool slab, bool pages) {
  // Thousands of stack traces would slow the guest down and hide real complaints.
  for (const char* kind : {"failslab", "fail_page_alloc", "fail_usercopy"})
    must_write(kDebug + kind + "/verbose", "0");
  // With the filter on, only marked caches may fail, and none is marked.
  must_write(kDebug + "failslab/cache-filter", slab ? "N" : "Y");
  must_write(kDebug + "failslab/ignore-gfp-wait", "N");
  // An order above all allocations disables the failures.
  must_write(kDebug + "fail_page_alloc/min-order", pages ? "0" : "20");
  must_write(kDebug + "fail_page_alloc/ignore-gfp-wait", "N");
  must_write(kDebug + "fail_page_alloc/ignore-gfp-highmem", "N");
}

}  // namespace

bool can_inject_faults() {
  return access("/proc/thread-self/fail-nth", W_OK) == 0 &&
         access((kDebug + "failslab").c_str(), X_OK) == 0 &&
         access((kDebug + "fail_page_alloc").c_str(), X_OK) == 0 &&
         access((kDebug + "fail_usercopy").c_str(), X_OK) == 0;
}

FaultKinds::FaultKinds(Beside usercopy) {
  configure(usercopy == Beside::kSlab, usercopy == Beside::kPages);
}

FaultKinds::~FaultKinds() { configure(false, false); }

}  // namespace xpoll::test
