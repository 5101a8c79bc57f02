// SPDX-License-Identifier: GPL-2.0-only
// Where EPOLLEXCLUSIVE is allowed.
#include <array>

#include "tools/util/descriptors.h"
#include "util/difference.h"
#include "util/each_backend.h"
#include "util/matchers.h"

namespace xpoll::test {
namespace {

constexpr std::array<std::uint32_t, 6> kAllowed{EPOLLIN,  EPOLLOUT,    EPOLLERR,
                                                EPOLLHUP, EPOLLWAKEUP, EPOLLET};
constexpr std::array<std::uint32_t, 8> kRefused{EPOLLONESHOT, EPOLLRDHUP,  EPOLLPRI,    EPOLLRDNORM,
                                                EPOLLRDBAND,  EPOLLWRNORM, EPOLLWRBAND, EPOLLMSG};

using CtlExclusiveTest = EachBackend;
XPOLL_FOR_EACH_BACKEND(CtlExclusiveTest);

TEST_P(CtlExclusiveTest, EachAllowedBitGoesWithIt) {
  const unique_fd ep = backend_.instance();
  const unique_fd watched = make_eventfd();
  std::uint32_t all = EPOLLEXCLUSIVE;
  for (const std::uint32_t bit : kAllowed) {
    all |= bit;
    EXPECT_THAT(backend_.add(ep.get(), watched.get(), EPOLLEXCLUSIVE | bit), SyscallSucceeds())
        << std::hex << bit;
    EXPECT_THAT(backend_.del(ep.get(), watched.get()), SyscallSucceeds());
  }
  EXPECT_THAT(backend_.add(ep.get(), watched.get(), all), SyscallSucceeds());
}

TEST_P(CtlExclusiveTest, EveryOtherBitIsEinvalAndAddsNothing) {
  const unique_fd ep = backend_.instance();
  const unique_fd watched = make_eventfd();
  for (const std::uint32_t bit : kRefused) {
    EXPECT_THAT(backend_.add(ep.get(), watched.get(), EPOLLEXCLUSIVE | EPOLLIN | bit),
                SyscallFailsWithErrno(EINVAL))
        << std::hex << bit;
    EXPECT_THAT(backend_.del(ep.get(), watched.get()), SyscallFailsWithErrno(ENOENT));
  }
}

TEST_P(CtlExclusiveTest, AddOfAnInstanceIsEinval) {
  const unique_fd ep = backend_.instance();
  const unique_fd below = backend_.instance();
  EXPECT_THAT(backend_.add(ep.get(), below.get(), EPOLLIN | EPOLLEXCLUSIVE),
              SyscallFailsWithErrno(EINVAL));
  EXPECT_THAT(backend_.add(ep.get(), below.get(), EPOLLIN), SyscallSucceeds());
}

TEST_P(CtlExclusiveTest, AddOfAnInstanceToANativeOneIsEinvalUnlessItIsOfXpoll) {
  const unique_fd native = Backend::native().instance();
  const unique_fd below = backend_.instance();
  const int result = Backend::native().add(native.get(), below.get(), EPOLLIN | EPOLLEXCLUSIVE);
  if (differs(backend_, Difference::kExclusiveInNative))
    EXPECT_THAT(result, SyscallSucceeds());
  else
    EXPECT_THAT(result, SyscallFailsWithErrno(EINVAL));
}

TEST_P(CtlExclusiveTest, ModCannotSetIt) {
  const unique_fd ep = backend_.instance();
  const unique_fd watched = make_eventfd(1);
  ASSERT_THAT(backend_.add(ep.get(), watched.get(), EPOLLIN, 1), SyscallSucceeds());
  EXPECT_THAT(backend_.mod(ep.get(), watched.get(), EPOLLOUT | EPOLLEXCLUSIVE, 2),
              SyscallFailsWithErrno(EINVAL));
  EXPECT_THAT(backend_.ready(ep.get()), Events(Event(1, EPOLLIN)));
}

TEST_P(CtlExclusiveTest, ModOfAnExclusiveItemIsEinvalAndChangesNothing) {
  const unique_fd ep = backend_.instance();
  const unique_fd watched = make_eventfd(1);
  ASSERT_THAT(backend_.add(ep.get(), watched.get(), EPOLLIN | EPOLLEXCLUSIVE, 1),
              SyscallSucceeds());
  EXPECT_THAT(backend_.mod(ep.get(), watched.get(), EPOLLOUT, 2), SyscallFailsWithErrno(EINVAL));
  EXPECT_THAT(backend_.ready(ep.get()), Events(Event(1, EPOLLIN)));
}

TEST_P(CtlExclusiveTest, DelOfAnExclusiveItemSucceeds) {
  const unique_fd ep = backend_.instance();
  const unique_fd watched = make_eventfd(1);
  ASSERT_THAT(backend_.add(ep.get(), watched.get(), EPOLLIN | EPOLLEXCLUSIVE), SyscallSucceeds());
  EXPECT_THAT(backend_.del(ep.get(), watched.get()), SyscallSucceeds());
  EXPECT_THAT(backend_.ready(ep.get()), NoEvents());
}

}  // namespace
}  // namespace xpoll::test
