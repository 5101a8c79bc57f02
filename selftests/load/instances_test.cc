// SPDX-License-Identifier: GPL-2.0-only
// The list of all instances in debugfs, while the module is loaded and unloaded.
#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <string>

#include "load/load_test.h"
#include "tools/util/file.h"
#include "tools/util/listed_instances.h"
#include "util/debugfs.h"
#include "util/matchers.h"
#include "util/stress.h"
#include "util/thread.h"

namespace xpoll::test {
namespace {

constexpr int kCycles = 10;

class InstanceListLoadTest : public LoadTest {
 protected:
  void SetUp() override {
    XPOLL_REQUIRE(has_debugfs(), "debugfs");
    LoadTest::SetUp();
  }
  void TearDown() override {
    if (!IsSkipped()) LoadTest::TearDown();
  }
};

TEST_F(InstanceListLoadTest, TheListIsThereFromLoadToUnload) {
  ASSERT_THAT(access(kInstanceList, F_OK), SyscallFailsWithErrno(ENOENT));
  xpoll_.must_load();
  EXPECT_TRUE(parse_listed_instances(read_file(kInstanceList)).empty());
  xpoll_.must_unload();
  EXPECT_THAT(access("/sys/kernel/debug/xpoll", F_OK), SyscallFailsWithErrno(ENOENT));
}

TEST_F(InstanceListLoadTest, AnOpenListHoldsTheModule) {
  xpoll_.must_load();
  unique_fd list = open_file(kInstanceList, O_RDONLY);
  EXPECT_THAT(xpoll_.unload(), SyscallFailsWithErrno(EWOULDBLOCK));
  std::string text(4096, '\0');
  EXPECT_THAT(read(list.get(), text.data(), text.size()), SyscallSucceeds());
  list.reset();
  EXPECT_THAT(xpoll_.unload(), SyscallSucceeds());
}

TEST_F(InstanceListLoadTest, TheModuleUnloadsWhileOthersOpenAndReadTheList) {
  std::atomic<bool> over{false};
  std::atomic<long> reads{0};
  Thread reader([&] {
    std::string text(4096, '\0');
    while (!over) {
      const unique_fd list(open(kInstanceList, O_RDONLY | O_CLOEXEC));
      if (list.valid() && read(list.get(), text.data(), text.size()) > 0) ++reads;
    }
  });
  const SetAtExit stop(over);
  for (int cycle = stress_rounds(kCycles); cycle > 0; --cycle) {
    xpoll_.must_load();
    const long before = reads;
    while (reads == before) usleep(100);
    // EWOULDBLOCK while the reader has it open
    while (xpoll_.unload() < 0) ASSERT_EQ(errno, EWOULDBLOCK);
  }
  over = true;
  reader.join();
}

}  // namespace
}  // namespace xpoll::test
