// SPDX-License-Identifier: GPL-2.0-only
// XPOLL_IOC_GROUP: instances that are counted together, whichever process creates them.
#include <sched.h>
#include <sys/prctl.h>

#include <array>
#include <atomic>
#include <fstream>
#include <functional>
#include <list>
#include <stdexcept>

#include "tools/util/descriptors.h"
#include "tools/util/eventfd.h"
#include "util/descriptor_limit.h"
#include "util/each_backend.h"
#include "util/matchers.h"
#include "util/process.h"
#include "util/raw.h"
#include "util/requires.h"
#include "util/stats.h"
#include "util/stress.h"
#include "util/thread.h"

namespace xpoll::test {
namespace {

class GroupTest : public XpollOnly {
 protected:
  static int id_of(const unique_fd& device) { return ioctl(device.get(), XPOLL_IOC_GROUP); }

  static int create_in(int id) { return create_in(id, open_device()); }

  static int create_in(int id, const unique_fd& device) {
    const struct xpoll_create arguments {
      .flags = XPOLL_CLOEXEC, .group = static_cast<std::uint32_t>(id)
    };
    return ioctl(device.get(), XPOLL_IOC_CREATE, &arguments);
  }

  static int create_in(int id, std::uint64_t key) {
    const struct xpoll_create_keyed arguments {
      .flags = XPOLL_CLOEXEC, .group = static_cast<std::uint32_t>(id), .key = key
    };
    return ioctl(open_device().get(), XPOLL_IOC_CREATE_KEYED, &arguments);
  }

  static std::uint64_t key_of(const unique_fd& device) {
    std::uint64_t key = 0;
    checked(ioctl(device.get(), XPOLL_IOC_KEY, &key), "XPOLL_IOC_KEY");
    return key;
  }

  // An instance with one watch and one delivered event.
  unique_fd used_instance() {
    unique_fd ep(create_in(id_));
    checked(backend_.add(ep.get(), ready_.get(), EPOLLIN), "add");
    if (backend_.ready(ep.get()).size() != 1) ADD_FAILURE() << "no event";
    return ep;
  }

  struct xpoll_stats stats() {
    return stats_of(device_);
  }

  const unique_fd device_ = open_device();
  const int id_ = checked(id_of(device_), "XPOLL_IOC_GROUP");
  const unique_fd ready_ = make_eventfd(1);
};

TEST_F(GroupTest, HasAPositiveNumberThatStays) {
  EXPECT_GT(id_, 0);
  EXPECT_THAT(id_of(device_), SyscallSucceedsWithValue(id_));
}

TEST_F(GroupTest, EachOpenDeviceHasItsOwn) {
  EXPECT_THAT(id_of(open_device()), testing::AllOf(testing::Gt(0), testing::Ne(id_)));
}

TEST_F(GroupTest, ACopyOfTheDescriptorIsTheSameOpenDevice) {
  EXPECT_THAT(id_of(unique_fd(dup(device_.get()))), SyscallSucceedsWithValue(id_));
}

TEST_F(GroupTest, BeginsWithNothing) {
  const struct xpoll_stats nothing {};
  EXPECT_EQ(stats(), nothing);
}

TEST_F(GroupTest, SumsOverOpenInstances) {
  const unique_fd one = used_instance();
  const unique_fd other = used_instance();
  EXPECT_EQ(stats().instances, 2U);
  EXPECT_EQ(stats().open_instances, 2U);
  EXPECT_EQ(stats().watches, 2U);
  EXPECT_EQ(stats().open_watches, 2U);
  EXPECT_EQ(stats().events, 2U);
}

TEST_F(GroupTest, KeepsWhatEndedInstancesCounted) {
  static_cast<void>(used_instance());
  const unique_fd open = used_instance();
  EXPECT_EQ(stats().instances, 2U);
  EXPECT_EQ(stats().open_instances, 1U);
  EXPECT_EQ(stats().watches, 2U);
  EXPECT_EQ(stats().open_watches, 1U);
  EXPECT_EQ(stats().events, 2U);
}

TEST_F(GroupTest, DoesNotCountInstancesThatAreNotInIt) {
  const unique_fd device = open_device();
  ASSERT_GT(id_of(device), 0);
  const unique_fd none = backend_.instance();
  static_cast<void>(used_instance());
  EXPECT_EQ(stats().instances, 1U);
  EXPECT_EQ(stats_of(device).instances, 0U);
}

TEST_F(GroupTest, DoesNotCountACreationThatFailed) {
  const struct xpoll_create arguments { .flags = 2, .group = static_cast<std::uint32_t>(id_) };
  ASSERT_THAT(ioctl(device_.get(), XPOLL_IOC_CREATE, &arguments), SyscallFailsWithErrno(EINVAL));
  EXPECT_EQ(stats().instances, 0U);
}

// The group is no longer held then. The leak check shows that on a kernel that has one.
TEST_F(GroupTest, DoesNotCountACreationWithNoDescriptorLeft) {
  const struct xpoll_create arguments {
    .flags = XPOLL_CLOEXEC, .group = static_cast<std::uint32_t>(id_)
  };
  {
    const DescriptorLimit limit = DescriptorLimit::left(0);
    EXPECT_THAT(ioctl(device_.get(), XPOLL_IOC_CREATE, &arguments), SyscallFailsWithErrno(EMFILE));
  }
  EXPECT_EQ(stats().instances, 0U);
}

TEST_F(GroupTest, CountsWhatAnotherProcessCreatesByItsNumber) {
  Process child([this] {
    static_cast<void>(used_instance());
    return 0;
  });
  ASSERT_THAT(child.join(), SyscallSucceeds());
  EXPECT_EQ(stats().instances, 1U);
  EXPECT_EQ(stats().open_instances, 0U);
  EXPECT_EQ(stats().events, 1U);
}

// Who may join.

class GroupOfAnotherUserTest : public GroupTest {
 protected:
  static constexpr uid_t kStranger = 54321;

  void SetUp() override {
    GroupTest::SetUp();
    if (geteuid() != 0) GTEST_SKIP() << "needs root, to become another user";
  }

  // The result of the body when another user runs it, whose instances are closed then.
  static int as_stranger(const std::function<int()>& body) {
    Process child([&] {
      become_user(kStranger);
      return body();
    });
    return child.join();
  }
};

TEST_F(GroupOfAnotherUserTest, IsEsrchByItsNumberAsIfThereWereNone) {
  EXPECT_THAT(as_stranger([this] { return create_in(id_); }), SyscallFailsWithErrno(ESRCH));
  EXPECT_THAT(as_stranger([this] { return create_in(id_, 0); }), SyscallFailsWithErrno(ESRCH));
  EXPECT_EQ(stats().instances, 0U);
}

TEST_F(GroupOfAnotherUserTest, IsNoMoreOpenToRootThanToOthers) {
  const Pipe told = make_pipe(O_CLOEXEC);
  const Pipe done = make_pipe(O_CLOEXEC);
  Process child([&] {
    become_user(kStranger);
    const unique_fd device = open_device();
    const int id = checked(id_of(device), "XPOLL_IOC_GROUP");
    checked(static_cast<int>(write(told.writer.get(), &id, sizeof(id))), "write");
    char byte = 0;
    checked(static_cast<int>(read(done.reader.get(), &byte, 1)), "read");
    return static_cast<int>(stats_of(device).instances);
  });
  int id = 0;
  ASSERT_THAT(read(told.reader.get(), &id, sizeof(id)),
              SyscallSucceedsWithValue(static_cast<ssize_t>(sizeof(id))));
  EXPECT_THAT(create_in(id), SyscallFailsWithErrno(ESRCH));
  write_all(done.writer, "x");
  EXPECT_THAT(child.join(), SyscallSucceedsWithValue(0));
}

TEST_F(GroupOfAnotherUserTest, IsEsrchToAnotherUserWhoIsRootInAUserNamespace) {
  if (as_stranger([] { return unshare(CLONE_NEWUSER); }) < 0)
    GTEST_SKIP() << "user namespaces are not permitted";
  EXPECT_THAT(as_stranger([this] {
                // After a change of user, a process may not access its own files in /proc.
                checked(prctl(PR_SET_DUMPABLE, 1), "prctl");
                checked(unshare(CLONE_NEWUSER), "unshare");
                std::ofstream("/proc/self/uid_map") << "0 " << kStranger << " 1";
                if (geteuid() != 0) throw std::runtime_error("not root in the user namespace");
                return create_in(id_);
              }),
              SyscallFailsWithErrno(ESRCH));
}

// A container may have no user namespace, so that its root is the host's.
TEST_F(GroupOfAnotherUserTest, IsEsrchByItsNumberInAnotherPidNamespace) {
  Process probe([] { return unshare(CLONE_NEWPID); });
  XPOLL_REQUIRE(probe.join() == 0, "PID namespaces");
  const std::uint64_t key = key_of(device_);
  const auto in_another = [](const std::function<int()>& body) {
    Process parent([&] {
      checked(unshare(CLONE_NEWPID), "unshare");
      Process child(body);
      return child.join();
    });
    return parent.join();
  };
  EXPECT_THAT(in_another([this] { return create_in(id_); }), SyscallFailsWithErrno(ESRCH));
  EXPECT_THAT(in_another([&] { return create_in(id_, key); }), SyscallSucceeds());
  EXPECT_THAT(in_another([this] { return create_in(id_, device_); }), SyscallSucceeds());
  EXPECT_EQ(stats().instances, 2U);
}

TEST_F(GroupOfAnotherUserTest, CountsWhatIsCreatedOnItsOwnOpenDevice) {
  EXPECT_THAT(as_stranger([this] { return create_in(id_, device_); }), SyscallSucceeds());
  EXPECT_EQ(stats().instances, 1U);
}

TEST_F(GroupOfAnotherUserTest, CountsWhatIsCreatedWithItsKey) {
  const std::uint64_t key = key_of(device_);
  EXPECT_THAT(as_stranger([&] { return create_in(id_, key); }), SyscallSucceeds());
  EXPECT_EQ(stats().instances, 1U);
}

TEST_F(GroupOfAnotherUserTest, IsEsrchWithTheKeyOfAnother) {
  const unique_fd other = open_device();
  ASSERT_GT(id_of(other), 0);
  const std::uint64_t key = key_of(other);
  EXPECT_THAT(as_stranger([&] { return create_in(id_, key); }), SyscallFailsWithErrno(ESRCH));
  EXPECT_THAT(as_stranger([&] { return create_in(id_, ~key_of(device_)); }),
              SyscallFailsWithErrno(ESRCH));
}

// The group belongs to the effective user of the process that opened the device.
TEST_F(GroupOfAnotherUserTest, BelongsToWhoOpenedTheDevice) {
  const unique_fd device = open_device();
  const int id = as_stranger([&] { return id_of(device); });
  ASSERT_THAT(id, SyscallSucceeds());
  EXPECT_THAT(unique_fd(create_in(id)).get(), SyscallSucceeds());
  EXPECT_THAT(as_stranger([&] { return create_in(id); }), SyscallFailsWithErrno(ESRCH));
}

TEST_F(GroupOfAnotherUserTest, TheEffectiveUserCounts) {
  Process child([this] {
    checked(seteuid(kStranger), "seteuid");
    return create_in(id_);
  });
  EXPECT_THAT(child.join(), SyscallFailsWithErrno(ESRCH));
}

TEST_F(GroupTest, HasAKeyThatStaysAndIsItsOwn) {
  const unique_fd other = open_device();
  ASSERT_GT(id_of(other), 0);
  EXPECT_NE(key_of(device_), 0U);
  EXPECT_EQ(key_of(device_), key_of(device_));
  EXPECT_NE(key_of(device_), key_of(other));
}

TEST_F(GroupTest, ADeviceWithoutAGroupHasNoKey) {
  std::uint64_t key = 0;
  EXPECT_THAT(ioctl(open_device().get(), XPOLL_IOC_KEY, &key), SyscallFailsWithErrno(ENODATA));
}

TEST_F(GroupTest, AKeyThatCannotBeStoredIsEfault) {
  EXPECT_THAT(ioctl(device_.get(), XPOLL_IOC_KEY, nullptr), SyscallFailsWithErrno(EFAULT));
}

TEST_F(GroupTest, AnUnknownNumberIsEsrch) {
  EXPECT_THAT(create_in(-1), SyscallFailsWithErrno(ESRCH));
  EXPECT_THAT(create_in(1'000'000'000), SyscallFailsWithErrno(ESRCH));
}

TEST_F(GroupTest, ItsNumberEndsWithTheOpenDevice) {
  unique_fd device = open_device();
  const int id = id_of(device);
  const unique_fd before(create_in(id));
  ASSERT_TRUE(before.valid());
  device.reset();
  EXPECT_THAT(create_in(id), SyscallFailsWithErrno(ESRCH));
}

TEST_F(GroupTest, AnInstanceOutlivesItsGroup) {
  unique_fd device = open_device();
  const unique_fd ep(create_in(id_of(device)));
  device.reset();
  ASSERT_THAT(backend_.add(ep.get(), ready_.get(), EPOLLIN), SyscallSucceeds());
  EXPECT_THAT(backend_.ready(ep.get()), Events(Event(ready_.get(), EPOLLIN)));
  EXPECT_EQ(stats_of(ep).events, 1U);
}

TEST_F(GroupTest, ItsNumberIsNotGivenToTheNext) {
  unique_fd device = open_device();
  const int id = id_of(device);
  device.reset();
  EXPECT_NE(id_of(open_device()), id);
}

TEST_F(GroupTest, ADeviceWithoutAGroupHasNoStats) {
  struct xpoll_stats stats {};
  EXPECT_THAT(ioctl(open_device().get(), XPOLL_IOC_STATS, &stats), SyscallFailsWithErrno(ENODATA));
}

TEST_F(GroupTest, StatsThatCannotBeStoredAreEfault) {
  EXPECT_THAT(ioctl(device_.get(), XPOLL_IOC_STATS, nullptr), SyscallFailsWithErrno(EFAULT));
}

TEST_F(GroupTest, IsMadeOnceByAnyNumberOfThreads) {
  constexpr unsigned kThreads = 4;
  for (int round = stress_rounds(200); round > 0; --round) {
    const unique_fd device = open_device();
    std::array<int, kThreads> ids{};
    StartLine start(kThreads);
    std::list<Thread> runners;
    for (int& id : ids) {
      runners.emplace_back([&] {
        start.meet();
        id = id_of(device);
      });
    }
    for (Thread& runner : runners) runner.join();
    ASSERT_THAT(ids, testing::Each(testing::AllOf(testing::Gt(0), ids[0])));
  }
}

// The group is closed while other threads create instances in it and close them.
TEST_F(GroupTest, MayEndWhileOthersCreateInIt) {
  constexpr unsigned kThreads = 2;
  for (int round = stress_rounds(200); round > 0; --round) {
    unique_fd device = open_device();
    const int id = id_of(device);
    std::atomic<int> unexpected{0};
    StartLine start(kThreads + 1);
    std::list<Thread> runners;
    for (unsigned i = 0; i < kThreads; ++i) {
      runners.emplace_back([&] {
        start.meet();
        while (true) {
          const unique_fd ep(create_in(id));
          if (ep.valid()) continue;
          if (errno != ESRCH) unexpected.fetch_add(1);
          return;
        }
      });
    }
    start.meet();
    device.reset();
    for (Thread& runner : runners) runner.join();
    EXPECT_EQ(unexpected, 0);
  }
}

}  // namespace
}  // namespace xpoll::test
