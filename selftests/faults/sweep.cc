// SPDX-License-Identifier: GPL-2.0-only
#include "faults/sweep.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <string>

#include "faults/fault_kinds.h"
#include "faults/nth_fault.h"
#include "faults/slab_caches.h"
#include "faults/state.h"
#include "util/matchers.h"

namespace xpoll::test {
namespace {

// More than any call has. A sweep that gets this far would not end.
constexpr unsigned kMostPlaces = 10'000;

struct Result {
  int value;
  int error;
  bool injected;
};

Result call_with_fault(const std::function<int()>& call, unsigned n) {
  NthFault fault;
  fault.arm(n);
  errno = 0;
  const int value = call();
  const int error = errno;
  return {value, error, fault.disarm() == 0};
}

void expect_nothing_changed(const FaultyCall& call, const Lines& before, const Lines& delivered) {
  EXPECT_THAT(state_of(call.descriptors()), testing::ElementsAreArray(before));
  EXPECT_THAT(delivered_by(call.instances()), testing::ElementsAreArray(delivered));
}

// Return: whether there was an n-th place.
bool fail_nth(const FaultyCall& call, unsigned n, Faults& faults) {
  SCOPED_TRACE(fmt::format("fault at place {}", n));
  call.prepare();
  // An allocation needs no page if its cache has a free object.
  shrink_xpoll_caches();
  const Lines delivered = delivered_by(call.instances());
  const Lines before = state_of(call.descriptors());
  const Result result = call_with_fault(call.call, n);
  faults.injected += result.injected;
  if (result.value < 0) {
    ++faults.failed;
    EXPECT_TRUE(result.injected) << "failed by itself";
    EXPECT_THAT(call.errors, testing::Contains(result.error)) << errno_text(result.error);
    expect_nothing_changed(call, before, delivered);
    EXPECT_THAT(call.call(), SyscallSucceeds());
  }
  call.undo();
  return result.injected;
}

Faults sweep_one_kind(const FaultyCall& call, FaultKinds::Beside kind) {
  const FaultKinds kinds(kind);
  Faults faults;
  unsigned n = 1;
  while (n < kMostPlaces && !testing::Test::HasFailure() && fail_nth(call, n, faults)) ++n;
  EXPECT_LT(n, kMostPlaces);
  return faults;
}

}  // namespace

Faults sweep_faults(const FaultyCall& call) {
  const Faults copies = sweep_one_kind(call, FaultKinds::Beside::kNothing);
  const Faults slab = sweep_one_kind(call, FaultKinds::Beside::kSlab);
  const Faults pages = sweep_one_kind(call, FaultKinds::Beside::kPages);
  const Faults total{copies.injected + slab.injected + pages.injected,
                     copies.failed + slab.failed + pages.failed};
  fmt::print("# {} faults: {} copies, {} slab, {} pages; {} calls failed\n", total.injected,
             copies.injected, slab.injected - copies.injected, pages.injected - copies.injected,
             total.failed);
  testing::Test::RecordProperty("injected", total.injected);
  testing::Test::RecordProperty("failed", total.failed);
  if (call.meets_faults && !call.errors.empty()) {
    EXPECT_GT(total.injected, 0);
    EXPECT_GT(total.failed, 0);
    if (std::ranges::count(call.errors, ENOMEM) && std::ranges::count(call.errors, EFAULT))
      EXPECT_GT(slab.injected, copies.injected) << "no allocation failed";
    if (call.needs_pages) EXPECT_GT(pages.injected, copies.injected) << "no page failed";
  }
  return total;
}

}  // namespace xpoll::test
