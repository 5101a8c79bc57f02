// SPDX-License-Identifier: GPL-2.0-only
// The tools on native epoll while xpoll's hooks are on the functions that they probe.
#include <sys/epoll.h>

#include <string>

#include "probes/arrival.h"
#include "probes/path_run.h"
#include "probes/top_run.h"
#include "probes/without_module.h"
#include "tools/util/descriptors.h"
#include "tools/util/eventfd.h"
#include "tools/util/sockets.h"
#include "util/each_backend.h"
#include "util/epoll_calls.h"
#include "util/matchers.h"
#include "util/one_processor.h"
#include "util/requires.h"

namespace xpoll::test {
namespace {

using testing::SizeIs;

// The hooks stay until the module is unloaded, so it is loaded anew afterwards.
class HookedCallsTest : public testing::Test {
 protected:
  void SetUp() override {
    require_xpoll();
    if (IsSkipped()) return;
    XPOLL_REQUIRE(can_hook_epoll_calls(), kHookableEpollCalls);
    checked(set_process(XPOLL_PROCESS_XPOLL), "XPOLL_IOC_PROCESS");
    instance_ = unique_fd(checked(epoll_create1(EPOLL_CLOEXEC), "epoll_create1"));
    checked(set_process(XPOLL_PROCESS_NATIVE), "XPOLL_IOC_PROCESS");
    ASSERT_TRUE(is_instance(instance_.get()));
  }
  void TearDown() override {
    instance_.reset();
    const WithoutModule unhooked;
  }

  // The instance has one ready file, so each wait has an event.
  void wait(const unique_fd& ep, int times) const {
    epoll_event event{.events = EPOLLIN, .data = {}};
    checked(epoll_ctl(ep.get(), EPOLL_CTL_ADD, ready_.get(), &event), "EPOLL_CTL_ADD");
    for (int i = 0; i < times; ++i)
      ASSERT_THAT(epoll_wait(ep.get(), &event, 1, 0), SyscallSucceedsWithValue(1));
  }

  unique_fd instance_;  // of xpoll, and reached by epoll's own system calls
  const unique_fd native_ = Backend::native().instance();
  const unique_fd ready_ = make_eventfd(1);
};

TEST_F(HookedCallsTest, EventsOfEachKindAreCountedOnce) {
  SharedTop top;
  top.begin();
  wait(native_, 3);
  const Json native = top.end(native_.get());
  top.begin();
  wait(instance_, 2);
  const Json xpoll = top.end(instance_.get());
  EXPECT_EQ(top.interrupt().status, 0);

  EXPECT_EQ(native["kind"], "native");
  EXPECT_EQ(native["events"], 3);
  EXPECT_EQ(xpoll["kind"], "xpoll");
  EXPECT_EQ(xpoll["events"], 2);
}

TEST_F(HookedCallsTest, EventOfANativeInstanceIsFollowed) {
  const OneProcessor here;
  const TcpPair tcp = tcp_pair();
  checked(Backend::native().add(native_.get(), tcp.server.get(), EPOLLIN), "EPOLL_CTL_ADD");
  PathRun path({"--pid", std::to_string(getpid())});
  send_until_there(tcp);
  ASSERT_THAT(Backend::native().ready(native_.get()), SizeIs(1));
  const PathResult result = path.interrupt();

  ASSERT_THAT(result.events, SizeIs(1)) << result.program.err;
  EXPECT_EQ(result.events.front().at("implementation"), "native");
}

}  // namespace
}  // namespace xpoll::test
