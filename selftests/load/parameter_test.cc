// SPDX-License-Identifier: GPL-2.0-only
// max_user_watches, given when the module is loaded.
#include "load/load_test.h"
#include "util/descriptors.h"
#include "util/matchers.h"
#include "util/raw.h"
#include "util/watch_limit.h"

namespace xpoll_test {
namespace {

class ParameterTest : public LoadTest {
 protected:
  static std::uint64_t limitInFeatures() {
    struct xpoll_features features {};
    checked(ioctl(openDevice().get(), XPOLL_IOC_FEATURES, &features), "XPOLL_IOC_FEATURES");
    return features.max_user_watches;
  }
};

TEST_F(ParameterTest, TheLimitIsWhatWasGivenAtLoad) {
  xpoll_.mustLoad("max_user_watches=1234");
  EXPECT_EQ(limitInFeatures(), 1234U);
  EXPECT_EQ(watchLimit(backend_), 1234);
}

TEST_F(ParameterTest, WithoutALimitThereIsADefaultOne) {
  xpoll_.mustLoad();
  EXPECT_GT(watchLimit(backend_), 0);
  EXPECT_EQ(limitInFeatures(), static_cast<std::uint64_t>(watchLimit(backend_)));
}

TEST_F(ParameterTest, ALimitOfZeroAllowsNoWatch) {
  xpoll_.mustLoad("max_user_watches=0");
  EXPECT_EQ(limitInFeatures(), 0U);
  const Fd ep = backend_.instance();
  const Fd watched = makeEventfd();
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

// As native's sysctl answers.
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
  xpoll_.mustLoad("max_user_watches=9223372036854775807");
  EXPECT_EQ(limitInFeatures(), 9223372036854775807U);
}

}  // namespace
}  // namespace xpoll_test
