// SPDX-License-Identifier: GPL-2.0-only
// The load parameter max_user_watches.
#include "load/load_test.h"
#include "tools/util/descriptors.h"
#include "tools/util/watch_limit.h"
#include "util/matchers.h"
#include "util/raw.h"

namespace xpoll::test {
namespace {

class ParameterTest : public LoadTest {
 protected:
  static std::uint64_t limit_in_features() { return module_features().max_user_watches; }
};

TEST_F(ParameterTest, TheLimitIsWhatWasGivenAtLoad) {
  xpoll_.must_load("max_user_watches=1234");
  EXPECT_EQ(limit_in_features(), 1234U);
  EXPECT_EQ(watch_limit(backend_), 1234);
}

TEST_F(ParameterTest, WithoutALimitThereIsADefaultOne) {
  xpoll_.must_load();
  EXPECT_GT(watch_limit(backend_), 0);
  EXPECT_EQ(limit_in_features(), static_cast<std::uint64_t>(watch_limit(backend_)));
}

TEST_F(ParameterTest, ALimitOfZeroAllowsNoWatch) {
  xpoll_.must_load("max_user_watches=0");
  EXPECT_EQ(limit_in_features(), 0U);
  const unique_fd ep = backend_.instance();
  const unique_fd watched = make_eventfd();
  EXPECT_THAT(backend_.add(ep.get(), watched.get(), EPOLLIN), SyscallFailsWithErrno(ENOSPC));
}

TEST_F(ParameterTest, ALimitThatIsNoCountIsRefused) {
  for (const char* limit : {"-1", "many", "", "12x"}) {
    SCOPED_TRACE(limit);
    EXPECT_THAT(xpoll_.load(std::string("max_user_watches=") + limit),
                SyscallFailsWithErrno(EINVAL));
    EXPECT_FALSE(xpoll_.loaded());
  }
}

// The same error as from native epoll's sysctl.
TEST_F(ParameterTest, ALimitTooLargeForANumberIsRefused) {
  for (const char* limit : {"9223372036854775808", "99999999999999999999"}) {
    SCOPED_TRACE(limit);
    EXPECT_THAT(xpoll_.load(std::string("max_user_watches=") + limit),
                SyscallFailsWithErrno(EINVAL));
    EXPECT_FALSE(xpoll_.loaded());
  }
}

TEST_F(ParameterTest, AfterARefusedLimitItLoadsWithAnother) {
  EXPECT_THAT(xpoll_.load("max_user_watches=-1"), SyscallFailsWithErrno(EINVAL));
  xpoll_.must_load("max_user_watches=9223372036854775807");
  EXPECT_EQ(limit_in_features(), 9223372036854775807U);
}

}  // namespace
}  // namespace xpoll::test
