// SPDX-License-Identifier: GPL-2.0-only
// The module in the system: unloading, and its parameters. That it unloads when nothing uses it is
// for who loaded it.
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include <fstream>
#include <stdexcept>
#include <string>
#include <string_view>

#include "util/descriptors.h"
#include "util/each_backend.h"
#include "util/matchers.h"
#include "util/process.h"
#include "util/raw.h"
#include "util/watch_limit.h"

namespace xpoll_test {
namespace {

constexpr uid_t kUnprivileged = 54321;
constexpr const char* kUsers = "/sys/module/xpoll/refcnt";

class ModuleTest : public XpollOnly {
 protected:
  void SetUp() override {
    XpollOnly::SetUp();
    if (geteuid() != 0) GTEST_SKIP() << "needs root";
  }

  // As rmmod does.
  long deleteModule() { return syscall(SYS_delete_module, "xpoll", O_NONBLOCK); }

  int users() {
    std::ifstream file(kUsers);
    int count = 0;
    if (!(file >> count)) throw std::runtime_error(std::string("no number in ") + kUsers);
    return count;
  }

  int writeLimit(std::string_view text) {
    const Fd file(open(watchLimitPath(backend_), O_WRONLY | O_CLOEXEC));
    if (!file.valid()) return -1;
    return static_cast<int>(write(file.get(), text.data(), text.size()));
  }
};

TEST_F(ModuleTest, AnOpenInstanceHoldsTheModule) {
  const int before = users();
  {
    const Fd ep = backend_.instance();
    EXPECT_EQ(users(), before + 1);
  }
  EXPECT_EQ(users(), before);
}

TEST_F(ModuleTest, TheOpenDeviceHoldsTheModule) {
  const int before = users();
  {
    const Fd device = openDevice();
    EXPECT_EQ(users(), before + 1);
  }
  EXPECT_EQ(users(), before);
}

TEST_F(ModuleTest, AnOpenInstanceRefusesUnloadingAndWorksOn) {
  const Fd ep = backend_.instance();
  const Fd watched = makeEventfd(1);
  ASSERT_THAT(backend_.add(ep.get(), watched.get(), EPOLLIN), SyscallSucceeds());
  EXPECT_THAT(deleteModule(), SyscallFailsWithErrno(EWOULDBLOCK));
  EXPECT_THAT(backend_.ready(ep.get()), Events(Event(watched.get(), EPOLLIN)));
  EXPECT_TRUE(backend_.instance().valid());
}

TEST_F(ModuleTest, AnInstanceThatOnlyAnotherProcessHoldsRefusesUnloading) {
  Pipe ready = makePipe(O_CLOEXEC);
  Process holder([&] {
    const Fd ep = backend_.instance();
    writeAll(ready.writer, "x");
    pause();
    return 0;
  });
  char byte = 0;
  ASSERT_THAT(read(ready.reader.get(), &byte, 1), SyscallSucceedsWithValue(1));
  EXPECT_THAT(deleteModule(), SyscallFailsWithErrno(EWOULDBLOCK));
}

TEST_F(ModuleTest, TheWatchLimitIsForEverybodyToReadAndForRootToWrite) {
  struct stat status {};
  ASSERT_THAT(stat(watchLimitPath(backend_), &status), SyscallSucceeds());
  EXPECT_EQ(status.st_mode, S_IFREG | 0644U);
  EXPECT_EQ(status.st_uid, 0U);
}

TEST_F(ModuleTest, AnUnprivilegedUserCannotChangeTheWatchLimit) {
  Process child([this] {
    becomeUser(kUnprivileged);
    return writeLimit("1");
  });
  EXPECT_THAT(child.join(), SyscallFailsWithErrno(EACCES));
}

// Both are 4 % of low memory, by the kernel's own structures, whose sizes differ a little.
TEST_F(ModuleTest, TheDefaultWatchLimitIsOfNativesMagnitude) {
  EXPECT_GT(watchLimit(backend_), watchLimit(Backend::native()) / 2);
  EXPECT_LT(watchLimit(backend_), watchLimit(Backend::native()) * 2);
}

TEST_F(ModuleTest, AChangedWatchLimitIsReadBack) {
  const ScopedWatchLimit changed(backend_, 123'456);
  EXPECT_EQ(watchLimit(backend_), 123'456);
}

TEST_F(ModuleTest, AWatchLimitThatIsNoCountIsEinvalAndChangesNothing) {
  const auto before = watchLimit(backend_);
  EXPECT_THAT(writeLimit("-1"), SyscallFailsWithErrno(EINVAL));
  EXPECT_THAT(writeLimit("many"), SyscallFailsWithErrno(EINVAL));
  EXPECT_EQ(watchLimit(backend_), before);
}

}  // namespace
}  // namespace xpoll_test
