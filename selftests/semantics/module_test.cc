// SPDX-License-Identifier: GPL-2.0-only
// The loaded module: refused unloading, and its parameters. The runner that loaded the module
// checks that it unloads when unused.
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include <fstream>
#include <stdexcept>
#include <string>
#include <string_view>

#include "tools/util/descriptors.h"
#include "tools/util/watch_limit.h"
#include "util/each_backend.h"
#include "util/matchers.h"
#include "util/process.h"
#include "util/raw.h"

namespace xpoll::test {
namespace {

constexpr const char* kUsers = "/sys/module/xpoll/refcnt";

class ModuleTest : public XpollOnly {
 protected:
  void SetUp() override {
    XpollOnly::SetUp();
    if (geteuid() != 0) GTEST_SKIP() << "needs root";
  }

  // Unloads like rmmod.
  long delete_module() { return syscall(SYS_delete_module, "xpoll", O_NONBLOCK); }

  int users() {
    std::ifstream file(kUsers);
    int count = 0;
    if (!(file >> count)) throw std::runtime_error(std::string("no number in ") + kUsers);
    return count;
  }

  int write_limit(std::string_view text) {
    const unique_fd file(open(watch_limit_path(backend_), O_WRONLY | O_CLOEXEC));
    if (!file.valid()) return -1;
    return static_cast<int>(write(file.get(), text.data(), text.size()));
  }
};

TEST_F(ModuleTest, AnOpenInstanceHoldsTheModule) {
  const int before = users();
  {
    const unique_fd ep = backend_.instance();
    EXPECT_EQ(users(), before + 1);
  }
  EXPECT_EQ(users(), before);
}

TEST_F(ModuleTest, TheOpenDeviceHoldsTheModule) {
  const int before = users();
  {
    const unique_fd device = open_device();
    EXPECT_EQ(users(), before + 1);
  }
  EXPECT_EQ(users(), before);
}

TEST_F(ModuleTest, AnOpenInstanceRefusesUnloadingAndWorksOn) {
  const unique_fd ep = backend_.instance();
  const unique_fd watched = make_eventfd(1);
  ASSERT_THAT(backend_.add(ep.get(), watched.get(), EPOLLIN), SyscallSucceeds());
  EXPECT_THAT(delete_module(), SyscallFailsWithErrno(EWOULDBLOCK));
  EXPECT_THAT(backend_.ready(ep.get()), Events(Event(watched.get(), EPOLLIN)));
  EXPECT_TRUE(backend_.instance().valid());
}

TEST_F(ModuleTest, AnInstanceThatOnlyAnotherProcessHoldsRefusesUnloading) {
  Pipe ready = make_pipe(O_CLOEXEC);
  Process holder([&] {
    const unique_fd ep = backend_.instance();
    write_all(ready.writer, "x");
    pause();
    return 0;
  });
  char byte = 0;
  ASSERT_THAT(read(ready.reader.get(), &byte, 1), SyscallSucceedsWithValue(1));
  EXPECT_THAT(delete_module(), SyscallFailsWithErrno(EWOULDBLOCK));
}

TEST_F(ModuleTest, TheWatchLimitIsForEverybodyToReadAndForRootToWrite) {
  struct stat status {};
  ASSERT_THAT(stat(watch_limit_path(backend_), &status), SyscallSucceeds());
  EXPECT_EQ(status.st_mode, S_IFREG | 0644U);
  EXPECT_EQ(status.st_uid, 0U);
}

TEST_F(ModuleTest, AnUnprivilegedUserCannotChangeTheWatchLimit) {
  Process child([this] {
    become_user(kUnprivileged);
    return write_limit("1");
  });
  EXPECT_THAT(child.join(), SyscallFailsWithErrno(EACCES));
}

// Both are 4 % of low memory, divided by the sizes of structures that differ a little.
TEST_F(ModuleTest, TheDefaultWatchLimitIsOfNativesMagnitude) {
  EXPECT_GT(watch_limit(backend_), watch_limit(Backend::native()) / 2);
  EXPECT_LT(watch_limit(backend_), watch_limit(Backend::native()) * 2);
}

TEST_F(ModuleTest, AChangedWatchLimitIsReadBack) {
  const ScopedWatchLimit changed(backend_, 123'456);
  EXPECT_EQ(watch_limit(backend_), 123'456);
}

TEST_F(ModuleTest, AWatchLimitThatIsNoCountIsEinvalAndChangesNothing) {
  const auto before = watch_limit(backend_);
  EXPECT_THAT(write_limit("-1"), SyscallFailsWithErrno(EINVAL));
  EXPECT_THAT(write_limit("many"), SyscallFailsWithErrno(EINVAL));
  EXPECT_EQ(watch_limit(backend_), before);
}

}  // namespace
}  // namespace xpoll::test
