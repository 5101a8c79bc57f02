// SPDX-License-Identifier: GPL-2.0-only
#include "faults/fault_test.h"

#include <algorithm>
#include <filesystem>

#include "faults/fault_kinds.h"
#include "faults/slab_caches.h"
#include "load/pseudo_file.h"
#include "util/each_backend.h"
#include "util/wait_until.h"
#include "util/watch_limit.h"
#include "util/watcher.h"

namespace xpoll_test {
namespace {

// How many more watches the user may have under a limit.
int roomForWatches() {
  constexpr int kLimit = 64;
  const ScopedWatchLimit limit(Backend::xpoll(), kLimit);
  return Watcher(Backend::xpoll()).fill(2 * kLimit);
}

// The names, without the figures beside them.
std::string wakeupSources() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator("/sys/class/wakeup"))
    names.push_back(readText(entry.path() / "name"));
  std::ranges::sort(names);
  std::string text;
  for (const std::string& name : names) text += name;
  return text;
}

}  // namespace

void FaultTest::SetUp() {
  requireXpoll();
  if (IsSkipped() || HasFatalFailure()) return;
  if (!canInjectFaults()) GTEST_SKIP() << "this kernel injects no faults";
  room_ = roomForWatches();
  wakeup_sources_ = wakeupSources();
}

void FaultTest::TearDown() {
  if (IsSkipped() || HasFatalFailure()) return;
  EXPECT_EQ(roomForWatches(), room_);
  EXPECT_EQ(wakeupSources(), wakeup_sources_);
  EXPECT_NO_THROW(waitUntil("no object left", [] { return xpollObjects() == 0; }));
}

}  // namespace xpoll_test
