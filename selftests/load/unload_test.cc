// SPDX-License-Identifier: GPL-2.0-only
// What holds the module in memory, and that it goes as soon as that is gone.
#include "load/load_test.h"
#include "load/traffic.h"
#include "util/descriptors.h"
#include "util/fd_passing.h"
#include "util/matchers.h"
#include "util/process.h"
#include "util/raw.h"
#include "util/sockets.h"

namespace xpoll_test {
namespace {

class UnloadTest : public LoadTest {
 protected:
  void SetUp() override {
    LoadTest::SetUp();
    if (HasFatalFailure()) return;
    xpoll_.mustLoad();
  }
};

TEST_F(UnloadTest, AnOpenInstanceHoldsTheModule) {
  Fd ep = backend_.instance();
  EXPECT_THAT(xpoll_.unload(), SyscallFailsWithErrno(EWOULDBLOCK));
  ep.reset();
  EXPECT_THAT(xpoll_.unload(), SyscallSucceeds());
}

TEST_F(UnloadTest, TheOpenDeviceHoldsTheModule) {
  Fd device = openDevice();
  EXPECT_THAT(xpoll_.unload(), SyscallFailsWithErrno(EWOULDBLOCK));
  device.reset();
  EXPECT_THAT(xpoll_.unload(), SyscallSucceeds());
}

TEST_F(UnloadTest, AClosedInstanceThatIsWatchedByAnotherHoldsNothing) {
  Fd outer = backend_.instance();
  Fd inner = backend_.instance();
  ASSERT_THAT(backend_.add(outer.get(), inner.get(), EPOLLIN), SyscallSucceeds());
  inner.reset();
  outer.reset();
  EXPECT_THAT(xpoll_.unload(), SyscallSucceeds());
}

TEST_F(UnloadTest, AnInstanceThatOnlyAChildInheritedHoldsTheModule) {
  Fd ep = backend_.instance();
  Process child([] {
    pause();
    return 0;
  });
  ep.reset();
  EXPECT_THAT(xpoll_.unload(), SyscallFailsWithErrno(EWOULDBLOCK));
  child.killAndReap();
  EXPECT_THAT(xpoll_.unload(), SyscallSucceeds());
}

TEST_F(UnloadTest, AnInstanceInAQueueOfDescriptorsHoldsTheModule) {
  Fd ep = backend_.instance();
  auto [sender, receiver] = unixPair();
  sendFd(sender, ep.get());
  ep.reset();
  EXPECT_THAT(xpoll_.unload(), SyscallFailsWithErrno(EWOULDBLOCK));
  receiver.reset();
  EXPECT_THAT(xpoll_.unload(), SyscallSucceeds());
}

TEST_F(UnloadTest, ARefusedUnloadLeavesEverythingAtWork) {
  Traffic traffic;
  EXPECT_THAT(xpoll_.unload(), SyscallFailsWithErrno(EWOULDBLOCK));
  traffic.serve(10);
  EXPECT_TRUE(backend_.instance().valid());
}

}  // namespace
}  // namespace xpoll_test
