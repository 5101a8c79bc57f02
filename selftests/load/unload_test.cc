// SPDX-License-Identifier: GPL-2.0-only
// What keeps the module loaded, and that it can be unloaded as soon as that ends.
#include "load/load_test.h"
#include "load/traffic.h"
#include "tools/util/descriptors.h"
#include "tools/util/sockets.h"
#include "util/fd_passing.h"
#include "util/matchers.h"
#include "util/process.h"
#include "util/raw.h"

namespace xpoll::test {
namespace {

class UnloadTest : public LoadTest {
 protected:
  void SetUp() override {
    LoadTest::SetUp();
    if (HasFatalFailure()) return;
    xpoll_.must_load();
  }
};

TEST_F(UnloadTest, AnOpenInstanceHoldsTheModule) {
  unique_fd ep = backend_.instance();
  EXPECT_THAT(xpoll_.unload(), SyscallFailsWithErrno(EWOULDBLOCK));
  ep.reset();
  EXPECT_THAT(xpoll_.unload(), SyscallSucceeds());
}

TEST_F(UnloadTest, TheOpenDeviceHoldsTheModule) {
  unique_fd device = open_device();
  EXPECT_THAT(xpoll_.unload(), SyscallFailsWithErrno(EWOULDBLOCK));
  device.reset();
  EXPECT_THAT(xpoll_.unload(), SyscallSucceeds());
}

TEST_F(UnloadTest, AClosedInstanceThatIsWatchedByAnotherHoldsNothing) {
  unique_fd outer = backend_.instance();
  unique_fd inner = backend_.instance();
  ASSERT_THAT(backend_.add(outer.get(), inner.get(), EPOLLIN), SyscallSucceeds());
  inner.reset();
  outer.reset();
  EXPECT_THAT(xpoll_.unload(), SyscallSucceeds());
}

TEST_F(UnloadTest, AnInstanceThatOnlyAChildInheritedHoldsTheModule) {
  unique_fd ep = backend_.instance();
  Process child([] {
    pause();
    return 0;
  });
  ep.reset();
  EXPECT_THAT(xpoll_.unload(), SyscallFailsWithErrno(EWOULDBLOCK));
  child.kill_and_reap();
  EXPECT_THAT(xpoll_.unload(), SyscallSucceeds());
}

TEST_F(UnloadTest, AnInstanceInAQueueOfDescriptorsHoldsTheModule) {
  unique_fd ep = backend_.instance();
  auto [sender, receiver] = unix_pair();
  send_fd(sender, ep.get());
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
}  // namespace xpoll::test
