// SPDX-License-Identifier: GPL-2.0-only
#include "faults/fault_test.h"

#include <algorithm>
#include <filesystem>

#include "faults/fault_kinds.h"
#include "faults/slab_caches.h"
#include "load/pseudo_file.h"
#include "tools/util/wait_until.h"
#include "tools/util/watch_limit.h"
#include "util/each_backend.h"
#include "util/watcher.h"

namespace xpoll::test {
namespace {

// The number of watches that the user may still add.
int room_for_watches() {
  constexpr int kLimit = 64;
  const ScopedWatchLimit limit(Backend::xpoll(), kLimit);
  return Watcher(Backend::xpoll()).fill(2 * kLimit);
}

// The names of the wakeup sources, without their counters.
std::string wakeup_sources() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator("/sys/class/wakeup"))
    names.push_back(read_text(entry.path() / "name"));
  std::ranges::sort(names);
  std::string text;
  for (const std::string& name : names) text += name;
  return text;
}

}  // namespace

void FaultTest::SetUp() {
  require_xpoll();
  if (IsSkipped() || HasFatalFailure()) return;
  if (!can_inject_faults()) GTEST_SKIP() << "this kernel injects no faults";
  room_ = room_for_watches();
  wakeup_sources_ = wakeup_sources();
}

void FaultTest::TearDown() {
  if (IsSkipped() || HasFatalFailure()) return;
  EXPECT_EQ(room_for_watches(), room_);
  EXPECT_EQ(wakeup_sources(), wakeup_sources_);
  EXPECT_NO_THROW(wait_until("no object left", [] { return xpoll_objects() == 0; }));
}

}  // namespace xpoll::test
