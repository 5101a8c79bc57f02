// SPDX-License-Identifier: GPL-2.0-only
#include <fcntl.h>
#include <linux/xpoll.h>

#include "tools/util/descriptors.h"
#include "util/descriptor_limit.h"
#include "util/difference.h"
#include "util/each_backend.h"
#include "util/matchers.h"

namespace xpoll::test {
namespace {

using CreateTest = EachBackend;
XPOLL_FOR_EACH_BACKEND(CreateTest);

TEST_P(CreateTest, UnknownFlagsAreEinval) {
  for (unsigned int bit = 0; bit < 32; ++bit) {
    const auto flag = static_cast<int>(1U << bit);
    if (flag == EPOLL_CLOEXEC) continue;
    if (backend_.is_xpoll() && flag == XPOLL_CREATE_CLOSE_REMOVES) continue;
    EXPECT_THAT(backend_.create1(flag), SyscallFailsWithErrno(EINVAL)) << std::hex << flag;
    EXPECT_THAT(backend_.create1(flag | EPOLL_CLOEXEC), SyscallFailsWithErrno(EINVAL))
        << std::hex << flag;
  }
}

TEST_P(CreateTest, TheInstanceIsOpenForReadingAndWriting) {
  const unique_fd ep(backend_.create1(0));
  EXPECT_THAT(fcntl(ep.get(), F_GETFL), SyscallSucceedsWithValue(O_RDWR));
}

TEST_P(CreateTest, CloexecIsHonoured) {
  const unique_fd ep(backend_.create1(EPOLL_CLOEXEC));
  EXPECT_THAT(fcntl(ep.get(), F_GETFD), SyscallSucceedsWithValue(FD_CLOEXEC));
}

TEST_P(CreateTest, WithoutCloexecTheDescriptorSurvivesExec) {
  const unique_fd ep(backend_.create1(0));
  EXPECT_THAT(fcntl(ep.get(), F_GETFD), SyscallSucceedsWithValue(0));
}

TEST_P(CreateTest, EachCallMakesAnInstanceOfItsOwn) {
  const unique_fd one = backend_.instance();
  const unique_fd other = backend_.instance();
  const unique_fd watched = make_eventfd(1);
  ASSERT_THAT(backend_.add(one.get(), watched.get(), EPOLLIN), SyscallSucceeds());
  EXPECT_THAT(backend_.ready(other.get()), NoEvents());
  EXPECT_THAT(backend_.ready(one.get()), Events(Event(watched.get(), EPOLLIN)));
}

TEST_P(CreateTest, WithNoDescriptorLeftIsEmfile) {
  const DescriptorLimit limit = DescriptorLimit::left(0);
  EXPECT_THAT(backend_.create1(0), SyscallFailsWithErrno(EMFILE));
}

TEST_P(CreateTest, WithOneDescriptorLeftNativeSucceedsAndXpollIsEmfile) {
  const DescriptorLimit limit = DescriptorLimit::left(1);
  const unique_fd ep(backend_.create1(0));
  if (differs(backend_, Difference::kCreateNeedsTwoDescriptors))
    EXPECT_THAT(ep.get(), SyscallFailsWithErrno(EMFILE));
  else
    EXPECT_THAT(ep.get(), SyscallSucceeds());
}

TEST_P(CreateTest, WithTwoDescriptorsLeftSucceeds) {
  const DescriptorLimit limit = DescriptorLimit::left(2);
  const unique_fd ep(backend_.create1(0));
  EXPECT_THAT(ep.get(), SyscallSucceeds());
}

}  // namespace
}  // namespace xpoll::test
