// SPDX-License-Identifier: GPL-2.0-only
// Repeated loading and unloading, and concurrent activity.
#include <list>

#include "load/churn.h"
#include "load/load_test.h"
#include "load/traffic.h"
#include "util/each_backend.h"
#include "util/matchers.h"
#include "util/raw.h"
#include "util/stress.h"
#include "util/thread.h"

namespace xpoll::test {
namespace {

// XPOLL_STRESS=25 makes it 500.
constexpr int kCycles = 20;
constexpr int kConnections = 5;

class CycleTest : public LoadTest {
 protected:
  static void serve_in_threads(int threads) {
    std::list<Thread> servers;
    for (int i = 0; i < threads; ++i) servers.emplace_back([] { Traffic().serve(kConnections); });
    for (Thread& server : servers) server.join();
  }
};

TEST_F(CycleTest, TheDeviceIsThereFromLoadToUnload) {
  ASSERT_THAT(access(kDevice, F_OK), SyscallFailsWithErrno(ENOENT));
  xpoll_.must_load();
  EXPECT_THAT(open_device().get(), SyscallSucceeds());
  xpoll_.must_unload();
  EXPECT_THAT(access(kDevice, F_OK), SyscallFailsWithErrno(ENOENT));
}

TEST_F(CycleTest, AnInstanceWorksInALoadedModule) {
  xpoll_.must_load();
  Traffic().serve(kConnections);
  EXPECT_THAT(xpoll_.unload(), SyscallSucceeds());
}

TEST_F(CycleTest, ASecondLoadIsEexistAndDisturbsNothing) {
  xpoll_.must_load();
  Traffic traffic;
  EXPECT_THAT(xpoll_.load(), SyscallFailsWithErrno(EEXIST));
  traffic.serve(kConnections);
}

TEST_F(CycleTest, ManyTimesLoadedServedByThreadsAndUnloaded) {
  constexpr int kThreads = 3;
  const int cycles = stress_rounds(kCycles);
  for (int cycle = 0; cycle < cycles; ++cycle) {
    SCOPED_TRACE(cycle);
    xpoll_.must_load();
    serve_in_threads(kThreads);
    ASSERT_THAT(xpoll_.unload(), SyscallSucceeds());
  }
}

TEST_F(CycleTest, LoadsAndUnloadsWhileUnwatchedFilesAreClosed) {
  constexpr int kChurnCycles = 10;
  const Churn churn(2);
  for (int cycle = 0; cycle < kChurnCycles; ++cycle) {
    SCOPED_TRACE(cycle);
    xpoll_.must_load();
    Traffic().serve(1);
    churn.wait_until_more();
    ASSERT_THAT(xpoll_.unload(), SyscallSucceeds());
    churn.wait_until_more();
  }
}

}  // namespace
}  // namespace xpoll::test
