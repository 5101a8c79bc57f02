// SPDX-License-Identifier: GPL-2.0-only
// A live patch has a function that the module hooks. The kernel lets both have it.
#include <sys/epoll.h>

#include <cstdint>
#include <filesystem>
#include <string>

#include "load/hooks.h"
#include "load/load_test.h"
#include "load/pseudo_file.h"
#include "load/traffic.h"
#include "tools/util/checked.h"
#include "tools/util/descriptors.h"
#include "tools/util/eventfd.h"
#include "tools/util/wait_until.h"
#include "util/epoll_calls.h"
#include "util/matchers.h"

namespace xpoll::test {
namespace {

using testing::Contains;
using testing::IsEmpty;

constexpr int kConnections = 5;
constexpr std::uint64_t kPatchedData = 7;

// The live patch, in effect until the end of the scope. It takes effect task by task.
class LivePatch {
 public:
  LivePatch(const KernelModule& module, const unique_fd& watched)
      : module_(module), state_("/sys/kernel/livepatch/" + module.name() + "/") {
    epoll_event event{.events = EPOLLIN, .data = {.u64 = kPatchedData}};
    checked(epoll_ctl(instance_.get(), EPOLL_CTL_ADD, watched.get(), &event), "epoll_ctl");
    module_.must_load("fd=" + std::to_string(instance_.get()));
    wait_until("the patch", [&] { return read_text(state_ + "transition") == "0\n"; });
  }
  LivePatch(const LivePatch&) = delete;
  LivePatch& operator=(const LivePatch&) = delete;
  ~LivePatch() {
    EXPECT_THAT(write_text(state_ + "enabled", "0"), SyscallSucceeds());
    wait_until("the patch's end", [&] { return !std::filesystem::exists(state_); });
    EXPECT_THAT(module_.unload(), SyscallSucceeds());
  }

 private:
  const KernelModule& module_;
  const std::string state_;
  const unique_fd instance_ = checked_fd(epoll_create1(EPOLL_CLOEXEC), "epoll_create1");
};

class LivepatchTest : public LoadTest {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists("/sys/kernel/livepatch"))
      GTEST_SKIP() << "this kernel has no live patching";
    LoadTest::SetUp();
  }

  // Whether the patched function serves a process that has not opted in, as this one: the instance
  // that it returns has a watch. That is ready only here, since the module's self-test waits for
  // such an instance.
  bool patched() const {
    const unique_fd instance = checked_fd(epoll_create1(EPOLL_CLOEXEC), "epoll_create1");
    epoll_event event{};
    post(watched_);
    const int ready = checked(epoll_wait(instance.get(), &event, 1, 0), "epoll_wait");
    take(watched_);
    return ready == 1 && event.data.u64 == kPatchedData;
  }

  static void expect_hooked() {
    EXPECT_THAT(hooked_epoll_functions(), Contains("do_epoll_create"));
    EXPECT_THAT(in_opted_process([] { return creates_instances() ? 0 : -1; }), SyscallSucceeds());
    Traffic().serve(kConnections);
  }

  const unique_fd watched_ = make_eventfd();
  const KernelModule patch_{
      "patch_create",
      std::filesystem::path(module_files().blocker).replace_filename("patch_create.ko")};
};

TEST_F(LivepatchTest, APatchedFunctionIsHookedAndThePatchServesTheOthers) {
  {
    const LivePatch patch(patch_, watched_);
    EXPECT_TRUE(patched());
    xpoll_.must_load("epoll_calls=on");
    EXPECT_TRUE(patched());
    expect_hooked();
  }
  EXPECT_FALSE(patched());
  expect_hooked();
}

TEST_F(LivepatchTest, AHookedFunctionIsPatchedAndTheHookServesInstances) {
  xpoll_.must_load("epoll_calls=on");
  EXPECT_FALSE(patched());
  {
    const LivePatch patch(patch_, watched_);
    EXPECT_TRUE(patched());
    expect_hooked();
  }
  EXPECT_FALSE(patched());
  expect_hooked();
}

TEST_F(LivepatchTest, TheModuleUnloadsFromAPatchedFunction) {
  const LivePatch patch(patch_, watched_);
  xpoll_.must_load("epoll_calls=on");
  expect_hooked();
  xpoll_.must_unload();
  EXPECT_TRUE(patched());
  EXPECT_THAT(hooked_epoll_functions(), IsEmpty());
}

}  // namespace
}  // namespace xpoll::test
