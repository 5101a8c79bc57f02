// SPDX-License-Identifier: GPL-2.0-only
// The preload library in /etc/ld.so.preload, from which it comes into programs that gain privilege
// as well: their environment is that of a user who must not choose for them.
#include <fcntl.h>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <linux/xpoll.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "command.h"
#include "tools/util/checked.h"
#include "tools/util/temporary_directory.h"

namespace xpoll::test {
namespace {

namespace fs = std::filesystem;

constexpr const char* kPreloads = "/etc/ld.so.preload";

class Secure : public testing::Test {
 protected:
  void SetUp() override {
    if (fs::exists(kPreloads)) GTEST_SKIP() << kPreloads << " exists";
    fs::permissions(directory_.path(), fs::perms{0711});
    fs::copy_file(built("preload-victim"), program_);
  }

  // How many instances the program creates in the group that its environment names, when a user
  // without privilege starts it.
  unsigned created(mode_t mode) const {
    constexpr uid_t kNobody = 65534;
    checked(chmod(program_.c_str(), mode), "chmod");
    const unique_fd group = checked_fd(open("/dev/xpoll", O_RDWR | O_CLOEXEC), "/dev/xpoll");
    const int number = checked(ioctl(group.get(), XPOLL_IOC_GROUP), "XPOLL_IOC_GROUP");
    __u64 key = 0;
    checked(ioctl(group.get(), XPOLL_IOC_KEY, &key), "XPOLL_IOC_KEY");
    std::ofstream(kPreloads) << built("libxpoll-preload.so") << '\n';
    const Result result = run({program_, "once"}, [&] {
      setenv("XPOLL_GROUP", fmt::format("{}", number).c_str(), true);
      setenv("XPOLL_GROUP_KEY", fmt::format("{:x}", key).c_str(), true);
      checked(setuid(kNobody), "setuid");
    });
    fs::remove(kPreloads);
    EXPECT_EQ(result.status(), 0) << result.err;
    struct xpoll_stats stats {};
    checked(ioctl(group.get(), XPOLL_IOC_STATS, &stats), "XPOLL_IOC_STATS");
    return static_cast<unsigned>(stats.instances);
  }

  const TemporaryDirectory directory_;
  const std::string program_ = directory_.path() / "program";
};

TEST_F(Secure, ProgramTakesSettingsFromItsEnvironment) { EXPECT_EQ(created(0755), 1U); }

TEST_F(Secure, ProgramThatGainsPrivilegeDoesNot) { EXPECT_EQ(created(04755), 0U); }

}  // namespace
}  // namespace xpoll::test
