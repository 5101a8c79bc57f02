// SPDX-License-Identifier: GPL-2.0-only
// XPOLL_IOC_CREATE_RING, mmap() of the ring, and the arguments of XPOLL_IOC_ENTER that belong to
// it.
#include <fcntl.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "tools/util/descriptors.h"
#include "tools/util/eventfd.h"
#include "tools/util/file.h"
#include "util/descriptor_limit.h"
#include "util/each_backend.h"
#include "util/executable.h"
#include "util/guarded_memory.h"
#include "util/matchers.h"
#include "util/process.h"
#include "util/raw.h"
#include "util/ring.h"
#include "util/stats.h"
#include "util/watched.h"

namespace xpoll::test {
namespace {

constexpr std::uint32_t kEdge = EPOLLIN | EPOLLET;

// Kilobytes that programs could get.
std::size_t available_memory() {
  constexpr std::string_view kField = "MemAvailable:";
  const std::string text = read_file("/proc/meminfo");
  return std::stoul(text.substr(text.find(kField) + kField.size()));
}

class RingAbiTest : public XpollOnly {
 protected:
  int create(struct xpoll_create_ring arguments) {
    const unique_fd fd(ioctl(device_.get(), XPOLL_IOC_CREATE_RING, &arguments));
    return fd.get() < 0 ? -1 : 0;
  }

  // Like a system call's result. Unmaps what it mapped.
  static int map(int fd, std::size_t size, int protection = PROT_READ | PROT_WRITE,
                 int flags = MAP_SHARED, off_t offset = XPOLL_RING_OFFSET) {
    void* const at = mmap(nullptr, size, protection, flags, fd, offset);
    if (at == MAP_FAILED) return -1;
    munmap(at, size);
    return 0;
  }

  const unique_fd device_ = open_device();
  const std::size_t page_ = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
};

TEST_F(RingAbiTest, FeaturesSayThatItIsKnown) {
  EXPECT_TRUE(module_features().features & XPOLL_FEATURE_RING);
}

TEST_F(RingAbiTest, ArgumentsThatCannotBeReadAreEfault) {
  const GuardedMemory memory;
  for (const void* where :
       {static_cast<void*>(nullptr), memory.inaccessible<void>(),
        static_cast<void*>(memory.cut_after<char>(sizeof(struct xpoll_create_ring) - 1))})
    EXPECT_THAT(ioctl(device_.get(), XPOLL_IOC_CREATE_RING, where), SyscallFailsWithErrno(EFAULT));
}

TEST_F(RingAbiTest, NumberOfSlotsIsAPowerOfTwoInItsRange) {
  for (const std::uint32_t slots :
       {0U, 1U, 3U, 6U, 65U, XPOLL_RING_SLOTS_MAX + 1, XPOLL_RING_SLOTS_MAX * 2, 1U << 31, ~0U})
    EXPECT_THAT(create(ring_arguments(slots)), SyscallFailsWithErrno(EINVAL)) << slots;
  for (const std::uint32_t slots : {XPOLL_RING_SLOTS_MIN, 4U, 1U << 16, XPOLL_RING_SLOTS_MAX})
    EXPECT_THAT(create(ring_arguments(slots)), SyscallSucceeds()) << slots;
}

TEST_F(RingAbiTest, UnknownFlagsAndReservedFieldsAreEinval) {
  for (const std::uint32_t flag : {0U + XPOLL_CREATE_CLOSE_REMOVES, XPOLL_CLOEXEC * 2U, 1U << 31}) {
    auto arguments = ring_arguments(8);
    arguments.flags |= flag;
    EXPECT_THAT(create(arguments), SyscallFailsWithErrno(EINVAL)) << flag;
  }
  for (int field = 0; field < 3; ++field) {
    auto arguments = ring_arguments(8);
    arguments.reserved[field] = 1;
    EXPECT_THAT(create(arguments), SyscallFailsWithErrno(EINVAL)) << field;
  }
}

TEST_F(RingAbiTest, ItJoinsAGroupByItsNumber) {
  auto arguments = ring_arguments(8);
  arguments.group = static_cast<std::uint32_t>(ioctl(device_.get(), XPOLL_IOC_GROUP));
  const unique_fd member(ioctl(device_.get(), XPOLL_IOC_CREATE_RING, &arguments));
  ASSERT_THAT(member.get(), SyscallSucceeds());
  EXPECT_EQ(stats_of(device_).open_instances, 1U);
  arguments.group += 1000;
  EXPECT_THAT(create(arguments), SyscallFailsWithErrno(ESRCH));
}

TEST_F(RingAbiTest, ItJoinsAGroupOfAnotherUserByItsKey) {
  if (geteuid() != 0) GTEST_SKIP() << "needs root, to become another user";
  auto arguments = ring_arguments(8);
  arguments.group = static_cast<std::uint32_t>(ioctl(device_.get(), XPOLL_IOC_GROUP));
  __u64 key = 0;
  ASSERT_THAT(ioctl(device_.get(), XPOLL_IOC_KEY, &key), SyscallSucceeds());
  const auto create_with = [&](__u64 with) {
    arguments.key = with;
    Process stranger([&] {
      become_user(54321);
      return ioctl(open_device().get(), XPOLL_IOC_CREATE_RING, &arguments);
    });
    return stranger.join();
  };
  for (const __u64 wrong : {__u64{0}, ~key})
    EXPECT_THAT(create_with(wrong), SyscallFailsWithErrno(ESRCH));
  EXPECT_THAT(create_with(key), SyscallSucceeds());
  EXPECT_EQ(stats_of(device_).instances, 1U);
}

TEST_F(RingAbiTest, OnAnInstanceItIsEnotty) {
  const unique_fd ep = backend_.instance();
  const auto arguments = ring_arguments(8);
  EXPECT_THAT(ioctl(ep.get(), XPOLL_IOC_CREATE_RING, &arguments), SyscallFailsWithErrno(ENOTTY));
}

TEST_F(RingAbiTest, WithoutADescriptorItIsEmfile) {
  const DescriptorLimit limit(0);
  EXPECT_THAT(create(ring_arguments(8)), SyscallFailsWithErrno(EMFILE));
}

TEST_F(RingAbiTest, CloseOnExecIsAFlag) {
  auto arguments = ring_arguments(8);
  const unique_fd closed(ioctl(device_.get(), XPOLL_IOC_CREATE_RING, &arguments));
  EXPECT_EQ(fcntl(closed.get(), F_GETFD), FD_CLOEXEC);
  arguments.flags = 0;
  const unique_fd kept(ioctl(device_.get(), XPOLL_IOC_CREATE_RING, &arguments));
  EXPECT_EQ(fcntl(kept.get(), F_GETFD), 0);
}

TEST_F(RingAbiTest, LibraryRefusesWhatTheKernelRefuses) {
  EXPECT_THAT(xpoll_ring_create(8, 1), SyscallFailsWithErrno(EINVAL));
  EXPECT_THAT(xpoll_ring_create(0, 0), SyscallFailsWithErrno(EINVAL));
  EXPECT_THAT(xpoll_ring_create(3, 0), SyscallFailsWithErrno(EINVAL));
}

TEST_F(RingAbiTest, MemoryCountsForTheLimitUntilItIsUnmapped) {
  Process child([&] {
    become_user(2000);
    const rlim_t pages = 4;
    const struct rlimit limit { pages *page_, pages *page_ };
    checked(setrlimit(RLIMIT_MEMLOCK, &limit), "setrlimit");
    const auto large = ring_arguments(1024);  // 6 pages
    const auto small = ring_arguments(64);    // 2 pages
    if (ioctl(device_.get(), XPOLL_IOC_CREATE_RING, &large) >= 0 || errno != ENOMEM) return 1;
    std::optional<RingInstance> one(64U);
    const RingInstance other(64);
    if (ioctl(device_.get(), XPOLL_IOC_CREATE_RING, &small) >= 0 || errno != ENOMEM) return 2;
    one->close();
    if (ioctl(device_.get(), XPOLL_IOC_CREATE_RING, &small) >= 0 || errno != ENOMEM) return 3;
    one.reset();
    return ioctl(device_.get(), XPOLL_IOC_CREATE_RING, &small) < 0 ? 4 : 0;
  });
  EXPECT_EQ(child.join(), 0);
}

TEST_F(RingAbiTest, RootOfAUserNamespaceHasALimit) {
  if (Process([] { return unshare(CLONE_NEWUSER); }).join() < 0)
    GTEST_SKIP() << "user namespaces are not permitted";
  Process child([&] {
    checked(unshare(CLONE_NEWUSER), "unshare");
    const struct rlimit limit { page_, page_ };
    checked(setrlimit(RLIMIT_MEMLOCK, &limit), "setrlimit");
    const auto large = ring_arguments(1024);  // 6 pages
    return ioctl(device_.get(), XPOLL_IOC_CREATE_RING, &large);
  });
  EXPECT_THAT(child.join(), SyscallFailsWithErrno(ENOMEM));
}

TEST_F(RingAbiTest, MemoryIsFreedWithTheInstanceAndItsLastMapping) {
  constexpr int kRounds = 20;
  const std::size_t before = available_memory();
  std::size_t used = 0;
  for (int round = 0; round < kRounds; ++round)
    used += RingInstance(XPOLL_RING_SLOTS_MAX).header().size / 1024;
  EXPECT_GT(available_memory() + used / 2, before);
}

TEST_F(RingAbiTest, HeaderSaysWhereThePartsAre) {
  for (const std::uint32_t slots : {2U, 256U, 4096U}) {
    const RingInstance ring(slots);
    const struct xpoll_ring_header& header = ring.header();
    EXPECT_EQ(header.slots, slots);
    EXPECT_GE(header.slots_offset, sizeof(header));
    EXPECT_GE(header.index_offset, header.slots_offset + slots * sizeof(struct xpoll_ring_slot));
    EXPECT_GE(header.size, header.index_offset + slots * sizeof(std::uint32_t));
    EXPECT_EQ(header.size % page_, 0U);
    EXPECT_EQ(header.tail | header.head | header.flags, 0U);
  }
}

TEST_F(RingAbiTest, MemoryIsZeroBehindTheFirstFields) {
  // pages that are free afterwards, and are not zero unless the kernel clears them
  std::vector<char>(64 << 20, 'x').shrink_to_fit();
  const RingInstance ring(4096);
  const auto* const words = reinterpret_cast<const std::uint32_t*>(&ring.header());
  EXPECT_TRUE(std::all_of(words + 4, words + ring.header().size / sizeof(*words),
                          [](std::uint32_t word) { return word == 0; }));
}

TEST_F(RingAbiTest, RingIsMappedSharedFromItsStart) {
  const RingInstance ring;
  const std::size_t size = ring.header().size;
  EXPECT_THAT(map(ring.get(), page_), SyscallSucceeds());
  EXPECT_THAT(map(ring.get(), size, PROT_READ), SyscallSucceeds());
  EXPECT_THAT(map(ring.get(), size + page_), SyscallFailsWithErrno(EINVAL));
  EXPECT_THAT(map(ring.get(), size, PROT_READ, MAP_PRIVATE), SyscallFailsWithErrno(EINVAL));
  EXPECT_THAT(map(ring.get(), page_, PROT_READ, MAP_SHARED, XPOLL_RING_OFFSET + 4096),
              SyscallFailsWithErrno(EINVAL));
  EXPECT_THAT(map(ring.get(), page_, PROT_READ, MAP_SHARED, 4096), SyscallFailsWithErrno(EINVAL));
}

TEST_F(RingAbiTest, RingCannotBeExecuted) {
  const RingInstance ring;
  const std::size_t size = ring.header().size;
  EXPECT_LT(map(ring.get(), size, PROT_READ | PROT_EXEC), 0);
  EXPECT_TRUE(errno == EINVAL || errno == EPERM) << errno_text(errno);
  EXPECT_THAT(mprotect(&ring.header(), size, PROT_READ | PROT_EXEC), SyscallFailsWithErrno(EACCES));
}

TEST_F(RingAbiTest, RingIsMappedWithoutExecutionWhereReadingImpliesThat) {
  const ReadImpliesExec personality;
  const RingInstance ring;
  auto* const unused = const_cast<std::uint8_t*>(
      reinterpret_cast<const std::uint8_t*>(&ring.header()) + ring.header().size - page_);
  EXPECT_FALSE(can_be_executed(unused));
}

TEST_F(RingAbiTest, MappingDoesNotGrow) {
  const RingInstance ring;
  const std::size_t size = ring.header().size;
  EXPECT_EQ(mremap(&ring.header(), size, size + page_, MREMAP_MAYMOVE), MAP_FAILED);
  EXPECT_EQ(errno, EFAULT);
}

TEST_F(RingAbiTest, LibraryMapsNoRingWhoseHeaderWasOverwritten) {
  const RingInstance ring(64);
  struct xpoll_ring_header& header = ring.header();
  const struct xpoll_ring_header right = header;
  std::uint32_t xpoll_ring_header::*const fields[] = {
      &xpoll_ring_header::slots, &xpoll_ring_header::slots_offset, &xpoll_ring_header::index_offset,
      &xpoll_ring_header::size};
  for (const auto field : fields)
    for (const std::uint32_t wrong : {0U, 3U, 1U << 20U, UINT32_MAX}) {
      header.*field = wrong;
      struct xpoll_ring mapped {};
      EXPECT_THAT(xpoll_ring_map(ring.get(), &mapped), SyscallFailsWithErrno(EINVAL)) << wrong;
      header.*field = right.*field;
    }
  struct xpoll_ring mapped {};
  ASSERT_THAT(xpoll_ring_map(ring.get(), &mapped), SyscallSucceeds());
  const std::size_t size = mapped.size;
  header.size = 1U << 30U;
  EXPECT_THAT(xpoll_ring_unmap(&mapped), SyscallSucceeds());
  EXPECT_THAT(mincore(mapped.header, size, std::vector<unsigned char>(64).data()),
              SyscallFailsWithErrno(ENOMEM))
      << "it is unmapped";
}

TEST_F(RingAbiTest, PagesThatAreGivenBackComeAgain) {
  const RingInstance ring;
  if (madvise(&ring.header(), ring.header().size, MADV_DONTNEED) < 0 && errno == ENOSYS)
    GTEST_SKIP() << "the kernel has no madvise(2)";
  EXPECT_EQ(ring.header().slots, 64U);
}

TEST_F(RingAbiTest, InstanceWithoutARingHasNone) {
  const unique_fd ep = backend_.instance();
  EXPECT_THAT(map(ep.get(), page_), SyscallFailsWithErrno(ENODEV));
  EXPECT_THAT(map(device_.get(), page_), SyscallFailsWithErrno(ENODEV));
  struct xpoll_ring ring;
  EXPECT_THAT(xpoll_ring_map(ep.get(), &ring), SyscallFailsWithErrno(ENODEV));
}

TEST_F(RingAbiTest, TableOfWorkersIsAtItsOwnOffset) {
  const RingInstance ring;
  EXPECT_THAT(map(ring.get(), page_, PROT_READ, MAP_SHARED, 0), SyscallFailsWithErrno(ENODEV));
  struct xpoll_wake wake {};
  ASSERT_THAT(ioctl(ring.get(), XPOLL_IOC_WAKE, &wake), SyscallSucceeds());
  EXPECT_THAT(map(ring.get(), page_, PROT_READ, MAP_SHARED, 0), SyscallSucceeds());
}

TEST_F(RingAbiTest, EnterChecksTheFlagOfARing) {
  const unique_fd ep = backend_.instance();
  EXPECT_THAT(xpoll_ring_wait(ep.get(), 0, 0), SyscallFailsWithErrno(EINVAL));
  const RingInstance ring(8);
  EXPECT_THAT(ring.enter(8), SyscallSucceedsWithValue(0));
  EXPECT_THAT(ring.enter(9), SyscallFailsWithErrno(EINVAL));
  Enter call(ring.get(), {}, 1);
  call.arguments.flags = XPOLL_ENTER_RING;
  EXPECT_THAT(call.call(), SyscallFailsWithErrno(EINVAL));
  call.arguments.flags = XPOLL_ENTER_RING << 1U;
  EXPECT_THAT(call.call(), SyscallFailsWithErrno(EINVAL));
}

TEST_F(RingAbiTest, AddingReturnsTheSlot) {
  const RingInstance ring;
  const unique_fd first = make_eventfd();
  const unique_fd second = make_eventfd();
  const int slot = ring.add(first, kEdge);
  EXPECT_GE(slot, 1);
  const int other = ring.change(XPOLL_CTL_UPSERT, second.get(), kEdge, 0);
  EXPECT_GE(other, 1);
  EXPECT_NE(slot, other);
  EXPECT_THAT(ring.change(XPOLL_CTL_UPSERT, second.get(), kEdge, 0),
              SyscallSucceedsWithValue(other));
  EXPECT_THAT(ring.change(EPOLL_CTL_MOD, first.get(), kEdge, 0), SyscallSucceedsWithValue(0));
  EXPECT_THAT(ring.change(EPOLL_CTL_DEL, first.get(), 0, 0), SyscallSucceedsWithValue(0));
  EXPECT_THAT(backend_.add(ring.get(), first.get(), kEdge), SyscallSucceedsWithValue(0));
  EXPECT_THAT(ring.add(first, kEdge), SyscallFailsWithErrno(EEXIST));
}

TEST_F(RingAbiTest, AddingHasNoFlags) {
  const RingInstance ring;
  const unique_fd fd = make_eventfd();
  for (const int op : {EPOLL_CTL_ADD + 0, XPOLL_CTL_UPSERT + 0})
    for (unsigned flag = 1; flag <= 1U << 15U; flag <<= 1U)
      EXPECT_THAT(ring.change(op, fd.get(), kEdge, 0, flag), SyscallFailsWithErrno(EINVAL)) << flag;
  EXPECT_THAT(watches_of(ring.get()), testing::SizeIs(0));
}

TEST_F(RingAbiTest, AResultThatIsASlotIsNoFailure) {
  const RingInstance ring;
  const unique_fd first = make_eventfd();
  const unique_fd second = make_eventfd();
  Enter call(ring.get(), {change_of(EPOLL_CTL_ADD, first.get(), kEdge),
                          change_of(EPOLL_CTL_ADD, second.get(), kEdge)});
  call.arguments.flags = XPOLL_ENTER_STOP;
  ASSERT_THAT(call.call(), SyscallSucceedsWithValue(0));
  EXPECT_EQ(call.arguments.failed, 0U);
  EXPECT_EQ(call.arguments.done, 2U);
}

TEST_F(RingAbiTest, InstanceThatIsAddedAlsoHasASlot) {
  const RingInstance ring;
  const unique_fd inner = backend_.instance();
  EXPECT_GE(ring.add(inner, kEdge), 1);
}

TEST_F(RingAbiTest, ChangeBySlotIsModOrDel) {
  const RingInstance ring;
  const unique_fd fd = make_eventfd();
  const int slot = ring.add(fd, kEdge);
  for (const int op : {EPOLL_CTL_ADD + 0, XPOLL_CTL_UPSERT + 0, 0, 99})
    EXPECT_THAT(ring.change(op, slot, kEdge, 0, XPOLL_CHANGE_SLOT), SyscallFailsWithErrno(EINVAL));
  EXPECT_THAT(ring.change(EPOLL_CTL_MOD, slot, kEdge, 0, XPOLL_CHANGE_SLOT << 1U),
              SyscallFailsWithErrno(EINVAL));
  EXPECT_THAT(ring.mod_slot(slot, EPOLLIN | EPOLLEXCLUSIVE, 0), SyscallFailsWithErrno(EINVAL));
  EXPECT_THAT(ring.mod_slot(slot, kEdge, 0), SyscallSucceedsWithValue(0));
  EXPECT_THAT(ring.del_slot(slot), SyscallSucceedsWithValue(0));
}

// A slot and its generation, which is zero at first, would be a cookie elsewhere.
TEST_F(RingAbiTest, LoneChangeIsBySlotToo) {
  const RingInstance ring;
  const unique_fd fd = make_eventfd(1);
  struct xpoll_change change = change_of(EPOLL_CTL_MOD, ring.add(fd, EPOLLOUT | EPOLLET), kEdge, 7);
  const auto make = [&](int op, unsigned flags) {
    change.op = static_cast<__u16>(op);
    change.flags = static_cast<__u16>(flags);
    return ioctl(ring.get(), XPOLL_IOC_CHANGE, &change);
  };
  ring.take();
  for (const int op : {EPOLL_CTL_MOD, EPOLL_CTL_DEL})
    EXPECT_THAT(make(op, XPOLL_CHANGE_COOKIE), SyscallFailsWithErrno(EINVAL)) << op;
  EXPECT_THAT(make(EPOLL_CTL_MOD, XPOLL_CHANGE_SLOT), SyscallSucceedsWithValue(0));
  const auto events = ring.take();
  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ(events[0].data, 7U);
  EXPECT_EQ(events[0].events, static_cast<std::uint32_t>(EPOLLIN));
  EXPECT_THAT(make(EPOLL_CTL_DEL, XPOLL_CHANGE_SLOT), SyscallSucceedsWithValue(0));
  EXPECT_THAT(make(EPOLL_CTL_DEL, XPOLL_CHANGE_SLOT), SyscallFailsWithErrno(ENOENT));
}

TEST_F(RingAbiTest, SlotWithoutAWatchIsEnoent) {
  const RingInstance ring(8);
  const unique_fd fd = make_eventfd();
  const int slot = ring.add(fd, kEdge);
  ASSERT_THAT(ring.del_slot(slot), SyscallSucceeds());
  for (const int number : {slot, 0, 7, 8, -1, INT_MAX}) {
    EXPECT_THAT(ring.mod_slot(number, kEdge, 0), SyscallFailsWithErrno(ENOENT)) << number;
    EXPECT_THAT(ring.del_slot(number), SyscallFailsWithErrno(ENOENT)) << number;
  }
}

TEST_F(RingAbiTest, ExclusiveWatchIsNotChangedBySlot) {
  const RingInstance ring;
  const unique_fd fd = make_eventfd();
  const int slot = ring.add(fd, kEdge | EPOLLEXCLUSIVE);
  EXPECT_THAT(ring.mod_slot(slot, kEdge, 0), SyscallFailsWithErrno(EINVAL));
  EXPECT_THAT(ring.del_slot(slot), SyscallSucceeds());
}

TEST_F(RingAbiTest, InstanceWithoutARingHasNoSlots) {
  const unique_fd ep = backend_.instance();
  Enter call(ep.get(), {change_of(EPOLL_CTL_DEL, 1)});
  call.changes[0].flags = XPOLL_CHANGE_SLOT;
  ASSERT_THAT(call.call(), SyscallSucceeds());
  EXPECT_EQ(call.changes[0].result, -EINVAL);
}

TEST_F(RingAbiTest, ChangeBySlotThatIsRefusedLeavesTheEventsOfEarlierChanges) {
  const unique_fd ep = backend_.instance();
  const unique_fd fd = make_eventfd(1);
  Enter call(ep.get(), {change_of(EPOLL_CTL_ADD, fd.get(), EPOLLIN | EPOLLONESHOT),
                        change_of(EPOLL_CTL_MOD, 1, EPOLLIN)});
  call.changes[1].flags = XPOLL_CHANGE_SLOT;
  EXPECT_THAT(call.call(), SyscallSucceedsWithValue(1));
  EXPECT_THAT(call.events(), Events(Event(fd.get(), EPOLLIN)));
  EXPECT_THAT(call.results(), testing::ElementsAre(0, -EINVAL));
}

TEST_F(RingAbiTest, ChangeBySlotThatIsRefusedIsHarmlessIfResultsCannotBeWritten) {
  const unique_fd ep = backend_.instance();
  const unique_fd fd = make_eventfd(1);
  GuardedMemory memory;
  auto* const changes = memory.last<struct xpoll_change>(2);
  changes[0] = change_of(EPOLL_CTL_ADD, fd.get(), EPOLLIN | EPOLLONESHOT);
  changes[1] = change_of(EPOLL_CTL_DEL, 1);
  changes[1].flags = XPOLL_CHANGE_SLOT;
  memory.make_read_only();
  Enter call(ep.get());
  call.put_changes(changes, 2);
  EXPECT_THAT(call.call(), SyscallFailsWithErrno(EFAULT));
  EXPECT_THAT(backend_.ready(ep.get()), Events(Event(fd.get(), EPOLLIN)));
}

}  // namespace
}  // namespace xpoll::test
