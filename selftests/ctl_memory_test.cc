// SPDX-License-Identifier: GPL-2.0-only
// Each allocation that a call makes fails in turn, where the kernel was built to let them
// (CONFIG_FAILSLAB): ENOMEM, and nothing is left behind.
#include <fcntl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <functional>
#include <string>

#include "util/descriptors.h"
#include "util/each_backend.h"
#include "util/matchers.h"
#include "util/temporary_directory.h"
#include "util/watched.h"

namespace xpoll_test {
namespace {

const std::string kFailslab = "/sys/kernel/debug/failslab/";
constexpr const char* kFailNth = "/proc/thread-self/fail-nth";

// Every allocation of this thread counts, also one that may wait; and no report in the kernel's
// log.
void allowFailures() {
  if (access(kFailslab.c_str(), F_OK) < 0)
    checked(mount("debugfs", "/sys/kernel/debug", "debugfs", 0, nullptr), "mount of debugfs");
  std::ofstream(kFailslab + "ignore-gfp-wait") << "N";
  std::ofstream(kFailslab + "verbose") << "0";
}

class CtlMemoryTest : public XpollOnly {
 protected:
  void SetUp() override {
    XpollOnly::SetUp();
    if (IsSkipped() || HasFatalFailure()) return;
    if (geteuid() != 0 || access(kFailNth, F_OK) < 0)
      GTEST_SKIP() << "the kernel can't make allocations fail";
    allowFailures();
  }

  // Calls again and again, the n-th allocation failing, until there is no n-th. How many failed.
  int failEach(const std::function<int()>& call, const std::function<void()>& check) {
    const Fd fail_nth = checkedFd(open(kFailNth, O_RDWR | O_CLOEXEC), kFailNth);
    for (int nth = 1;; ++nth) {
      const std::string text = std::to_string(nth);
      checked(static_cast<int>(pwrite(fail_nth.get(), text.data(), text.size(), 0)), kFailNth);
      const int result = call();
      const int error = errno;
      char left[16] = {};
      checked(static_cast<int>(pread(fail_nth.get(), left, sizeof(left) - 1, 0)), kFailNth);
      checked(static_cast<int>(pwrite(fail_nth.get(), "0", 1, 0)), kFailNth);
      if (std::stoi(left) != 0) {
        EXPECT_THAT(result, SyscallSucceeds());
        return nth - 1;
      }
      errno = error;
      EXPECT_THAT(result, SyscallFailsWithErrno(ENOMEM)) << "allocation " << nth;
      check();
    }
  }
};

TEST_F(CtlMemoryTest, AddWithoutMemoryIsEnomemAndAddsNothing) {
  const Fd ep = backend_.instance();
  // Open for both directions a FIFO has two wait queues, and the second hook is allocated.
  const TemporaryDirectory directory;
  const std::string path = directory.path() / "fifo";
  checked(mkfifo(path.c_str(), 0600), "mkfifo");
  const Fd fifo = checkedFd(open(path.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC), "open");
  const int failed = failEach([&] { return backend_.add(ep.get(), fifo.get(), EPOLLIN); },
                              [&] { EXPECT_THAT(watchesOf(ep.get()), testing::IsEmpty()); });
  EXPECT_GE(failed, 3);
  EXPECT_EQ(watchesOf(ep.get()).size(), 1U);
}

TEST_F(CtlMemoryTest, CreateWithoutMemoryIsEnomemAndTakesNoDescriptor) {
  const int next = makeEventfd().get();
  Fd ep;
  const int failed = failEach(
      [&] {
        ep.reset(backend_.create1(0));
        return ep.get();
      },
      [&] { EXPECT_EQ(makeEventfd().get(), next); });
  EXPECT_GE(failed, 1);
}

}  // namespace
}  // namespace xpoll_test
