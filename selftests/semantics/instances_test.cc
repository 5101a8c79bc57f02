// SPDX-License-Identifier: GPL-2.0-only
// The list of all instances that root reads in debugfs.
#include <fcntl.h>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <map>
#include <stdexcept>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

#include "tools/util/descriptors.h"
#include "tools/util/eventfd.h"
#include "tools/util/file.h"
#include "tools/util/listed_instances.h"
#include "util/close_removes.h"
#include "util/debugfs.h"
#include "util/descriptor_limit.h"
#include "util/each_backend.h"
#include "util/enter.h"
#include "util/fault_gate.h"
#include "util/matchers.h"
#include "util/process.h"
#include "util/raw.h"
#include "util/ring.h"
#include "util/stress.h"
#include "util/task_state.h"
#include "util/thread.h"

namespace xpoll::test {
namespace {

using testing::IsEmpty;

// Instances are found by the name that the creating thread has, since nothing tells their numbers.
void set_name(const std::string& name) { checked(prctl(PR_SET_NAME, name.c_str()), "prctl"); }

std::string name_of_this_thread() {
  std::string name(16, '\0');
  checked(prctl(PR_GET_NAME, name.data()), "prctl");
  return name.c_str();
}

void await(const unique_fd& eventfd) {
  pollfd request{.fd = eventfd.get(), .events = POLLIN, .revents = 0};
  checked(poll(&request, 1, -1), "poll");
}

std::vector<ListedInstance> listed() { return parse_listed_instances(read_file(kInstanceList)); }

class InstancesTest : public DebugfsTest {
 protected:
  void TearDown() override { set_name(name_before_); }

  unique_fd named(const std::string& name) const {
    set_name(name);
    return backend_.instance();
  }

  // The instances that a thread with this name created.
  static std::vector<ListedInstance> listed_as(const std::string& name) {
    std::vector<ListedInstance> instances = listed();
    std::erase_if(instances, [&](const ListedInstance& one) { return one.comm != name; });
    return instances;
  }
  static ListedInstance only(const std::string& name) {
    const auto instances = listed_as(name);
    if (instances.size() != 1)
      throw std::runtime_error(fmt::format("{} instances of {}", instances.size(), name));
    return instances.front();
  }

 private:
  const std::string name_before_ = name_of_this_thread();
};

TEST_F(InstancesTest, AnInstanceIsListedWithWhoCreatedIt) {
  const unique_fd ep = named("listed");
  EXPECT_EQ(only("listed").pid, getpid());
  EXPECT_EQ(only("listed").uid, 0U);
  EXPECT_EQ(only("listed").group, 0U);
  EXPECT_EQ(only("listed").slots, 0U);
  EXPECT_FALSE(only("listed").close_removes);
}

TEST_F(InstancesTest, AClosedInstanceIsNotListed) {
  unique_fd ep = named("closed");
  ASSERT_THAT(backend_.add(ep.get(), make_eventfd(1).get(), EPOLLIN), SyscallSucceeds());
  const unique_fd ready = make_eventfd(1);
  ASSERT_THAT(backend_.add(ep.get(), ready.get(), EPOLLIN), SyscallSucceeds());
  ep.reset();
  EXPECT_THAT(listed_as("closed"), IsEmpty());
}

TEST_F(InstancesTest, AnInstanceIsListedUntilItsLastDescriptorIsClosed) {
  unique_fd ep = named("shared");
  unique_fd other = duplicate(ep);
  ep.reset();
  EXPECT_EQ(listed_as("shared").size(), 1U);
  other.reset();
  EXPECT_THAT(listed_as("shared"), IsEmpty());
}

TEST_F(InstancesTest, TheProcessAndUserAreThoseOfTheCreator) {
  const unique_fd created = make_eventfd();
  const unique_fd listed = make_eventfd();
  Process child([&] {
    become_user(65534);
    const unique_fd ep = named("child");
    post(created);
    await(listed);
    return 0;
  });
  await(created);
  const ListedInstance instance = only("child");
  EXPECT_EQ(instance.pid, child.pid());
  EXPECT_EQ(instance.uid, 65534U);
  post(listed);
  EXPECT_EQ(child.join(), 0);
  EXPECT_THAT(listed_as("child"), IsEmpty());
}

// A signal that kills the task ends its read after the line that it has shown.
TEST_F(InstancesTest, AReaderGoesOnWhereAKilledOneOfTheSameFileEnded) {
  if (!FaultGate::available()) GTEST_SKIP() << "userfaultfd is not permitted";
  const unique_fd ep = named("killed");
  const unique_fd file = open_file(kInstanceList, O_RDONLY);
  FaultGate gate;
  Thread first([&] { pread(file.get(), gate.array_gated_at(0), 1, 0); });
  const OpenAtExit open(gate);
  gate.wait_until_reached();
  Process second([&] {
    char byte = 0;
    return static_cast<int>(pread(file.get(), &byte, 1, 0));
  });
  wait_until_blocked_in(SYS_pread64, second.pid());
  kill(second.pid(), SIGKILL);
  gate.open();
  EXPECT_EQ(second.join_killed(), SIGKILL);
  first.join();
  std::string text(1 << 16, '\0');
  ASSERT_THAT(pread(file.get(), text.data(), text.size(), 1), SyscallSucceeds());
  EXPECT_THAT(text, testing::HasSubstr(" killed\n"));
}

TEST_F(InstancesTest, TheFiguresAreThoseOfTheInstance) {
  const unique_fd ep = named("figures");
  const unique_fd file = make_eventfd();
  ASSERT_THAT(backend_.add(ep.get(), file.get(), EPOLLIN), SyscallSucceeds());
  ASSERT_THAT(backend_.add(ep.get(), make_eventfd().get(), EPOLLIN), SyscallSucceeds());
  EXPECT_EQ(only("figures").watches, 1U);
  EXPECT_EQ(only("figures").added, 2U);
  EXPECT_FALSE(only("figures").ready);
  post(file);
  EXPECT_TRUE(only("figures").ready);
  EXPECT_EQ(only("figures").callbacks, 1U);
  EXPECT_EQ(only("figures").events, 0U);
  ASSERT_EQ(backend_.ready(ep.get()).size(), 1U);
  EXPECT_EQ(only("figures").events, 1U);
  EXPECT_EQ(only("figures").scans, 1U);
}

TEST_F(InstancesTest, AWaiterIsListed) {
  const unique_fd ep = named("waiter");
  const unique_fd file = make_eventfd();
  ASSERT_THAT(backend_.add(ep.get(), file.get(), EPOLLIN), SyscallSucceeds());
  EXPECT_FALSE(only("waiter").waiting);
  Thread thread([&] { EXPECT_EQ(backend_.ready(ep.get(), -1).size(), 1U); });
  thread.wait_until_asleep_in_wait();
  EXPECT_TRUE(only("waiter").waiting);
  post(file);
  thread.join();
  EXPECT_FALSE(only("waiter").waiting);
  EXPECT_EQ(only("waiter").wakeups, 1U);
  // Those that wait for several events have a list of their own.
  take(file);
  const unique_fd other = make_eventfd();
  ASSERT_THAT(backend_.add(ep.get(), other.get(), EPOLLIN), SyscallSucceeds());
  Enter several(ep.get());
  several.arguments.minevents = 2;
  several.arguments.timeout_ns = -1;
  Thread patient([&] { EXPECT_EQ(several.call(), 2); });
  patient.wait_until_asleep_in_wait();
  EXPECT_TRUE(only("waiter").waiting);
  post(file);
  post(other);
  patient.join();
  EXPECT_FALSE(only("waiter").waiting);
}

TEST_F(InstancesTest, GroupAndRingAndFlagsAreListed) {
  const unique_fd device = open_device();
  const int group = checked(ioctl(device.get(), XPOLL_IOC_GROUP), "XPOLL_IOC_GROUP");
  const struct xpoll_create create {
    .flags = XPOLL_CLOEXEC | XPOLL_CREATE_CLOSE_REMOVES, .group = static_cast<std::uint32_t>(group)
  };
  set_name("in a group");
  const unique_fd ep = checked_fd(ioctl(device.get(), XPOLL_IOC_CREATE, &create), "create");
  EXPECT_EQ(only("in a group").group, static_cast<std::uint32_t>(group));
  EXPECT_TRUE(only("in a group").close_removes);
  set_name("a ring");
  const RingInstance ring(64);
  EXPECT_EQ(only("a ring").slots, 64U);
}

TEST_F(InstancesTest, ARingIsReadyWhileItHasAnEntry) {
  set_name("a ring");
  const RingInstance ring;
  const unique_fd file = make_eventfd();
  ASSERT_THAT(ring.add(file, EPOLLIN | EPOLLET), SyscallSucceeds());
  EXPECT_FALSE(only("a ring").ready);
  post(file);
  EXPECT_TRUE(only("a ring").ready);
  EXPECT_EQ(ring.take().size(), 1U);
  EXPECT_FALSE(only("a ring").ready);
}

// The entry is taken, and the next wait polls the file all the same.
TEST_F(InstancesTest, ARingIsReadyAsLongAsALevelTriggeredWatchMayBe) {
  set_name("a ring");
  const RingInstance ring;
  const unique_fd file = make_eventfd(1);
  ASSERT_THAT(ring.add(file, EPOLLIN), SyscallSucceeds());
  EXPECT_EQ(ring.take().size(), 1U);
  EXPECT_TRUE(only("a ring").ready);
}

TEST_F(InstancesTest, IsOpen64TimesAtMost) {
  std::vector<unique_fd> files;
  for (int count = 0; count < 64; ++count)
    files.push_back(checked_fd(open(kInstanceList, O_RDONLY | O_CLOEXEC), kInstanceList));
  EXPECT_THAT(open(kInstanceList, O_RDONLY | O_CLOEXEC), SyscallFailsWithErrno(EBUSY));
  files.pop_back();
  files.push_back(checked_fd(open(kInstanceList, O_RDONLY | O_CLOEXEC), kInstanceList));
}

TEST_F(InstancesTest, AnInstanceThatAnotherWatchesHasAWatcher) {
  const unique_fd inner = named("inner");
  const unique_fd outer = named("outer");
  ASSERT_THAT(backend_.add(outer.get(), inner.get(), EPOLLIN), SyscallSucceeds());
  EXPECT_EQ(only("inner").watchers, 1U);
  EXPECT_EQ(only("outer").watchers, 0U);
}

TEST_F(InstancesTest, ANameCannotForgeALine) {
  const std::string name = "a\n9 8 7\t\\\x7f\xe4";
  const unique_fd ep = named(name);
  EXPECT_EQ(listed_as(name).size(), 1U);
  const std::string text = read_file(kInstanceList);
  EXPECT_TRUE(std::ranges::all_of(text, [](char c) { return c == '\n' || (c >= ' ' && c <= '~'); }))
      << text;
}

TEST_F(InstancesTest, OnlyRootReadsTheList) {
  struct stat status {};
  ASSERT_THAT(stat(kInstanceList, &status), SyscallSucceeds());
  EXPECT_EQ(status.st_mode & 07777U, 0400U);
  EXPECT_EQ(status.st_uid, 0U);
  Process child([] {
    become_user(65534);
    return open(kInstanceList, O_RDONLY | O_CLOEXEC);
  });
  EXPECT_THAT(child.join(), SyscallFailsWithErrno(EACCES));
}

// What one read of at most so many bytes returns.
std::string read_some(const unique_fd& file, std::size_t bytes) {
  std::string part(bytes, '\0');
  const ssize_t size = read(file.get(), part.data(), part.size());
  if (size < 0) throw std::system_error(errno, std::generic_category(), kInstanceList);
  part.resize(static_cast<std::size_t>(size));
  return part;
}

// The rest of the list, by reads of so many bytes.
std::string read_rest(const unique_fd& file, std::size_t bytes) {
  std::string text;
  for (std::string part = read_some(file, bytes); !part.empty(); part = read_some(file, bytes))
    text += part;
  return text;
}

TEST_F(InstancesTest, ReadsOfAnySizeReturnTheSameList) {
  std::vector<unique_fd> instances;
  for (int i = 0; i < 100; ++i) instances.push_back(named(fmt::format("n{}", i)));
  const std::string whole = read_file(kInstanceList);
  EXPECT_GE(parse_listed_instances(whole).size(), instances.size());
  for (const std::size_t bytes : {1U, 7U, 64U, 100U, 4095U, 65536U})
    EXPECT_EQ(read_rest(open_file(kInstanceList, O_RDONLY), bytes), whole);
}

TEST_F(InstancesTest, AReaderThatGoesBackReadsTheListOfThen) {
  const unique_fd first = named("first");
  const unique_fd file = open_file(kInstanceList, O_RDONLY);
  const std::string before = read_rest(file, 4096);
  const unique_fd second = named("second");
  ASSERT_THAT(lseek(file.get(), 0, SEEK_SET), SyscallSucceeds());
  const std::string after = read_rest(file, 4096);
  EXPECT_EQ(parse_listed_instances(after).size(), parse_listed_instances(before).size() + 1);
  ASSERT_THAT(lseek(file.get(), static_cast<off_t>(before.size()), SEEK_SET), SyscallSucceeds());
  EXPECT_EQ(before + read_rest(file, 4096), after);
}

// Between two reads: what was read last, or is to be read next, may be closed.
TEST_F(InstancesTest, AReaderGoesOnWhereInstancesHaveClosed) {
  std::vector<unique_fd> instances;
  for (int i = 0; i < 8; ++i) instances.push_back(named(fmt::format("n{}", i)));
  const unique_fd last = named("last");
  const unique_fd file = open_file(kInstanceList, O_RDONLY);
  std::string text;
  // not its end: when that was read, the file has the next line ready
  while (!text.ends_with(" n2")) text += read_some(file, 1);
  for (unique_fd& instance : instances) instance.reset();
  text += read_rest(file, 1);
  std::vector<std::string> names;
  for (const ListedInstance& instance : parse_listed_instances(text))
    if (instance.pid == getpid()) names.push_back(instance.comm);
  EXPECT_THAT(names, testing::ElementsAre("n0", "n1", "n2", "last"));
}

TEST_F(InstancesTest, WhatIsCreatedAfterAReadingBeganIsNotInTheList) {
  const unique_fd before = named("before");
  const unique_fd file = open_file(kInstanceList, O_RDONLY);
  std::string text = read_some(file, 8);
  const unique_fd after = named("after");
  text += read_rest(file, 64);
  const auto read_instances = parse_listed_instances(text);
  EXPECT_EQ(std::ranges::count(read_instances, "before", &ListedInstance::comm), 1);
  EXPECT_EQ(std::ranges::count(read_instances, "after", &ListedInstance::comm), 0);
}

TEST_F(InstancesTest, ReadersDoNotSeeEachOther) {
  const unique_fd one = named("one");
  const unique_fd two = named("two");
  std::vector<unique_fd> readers;
  for (int i = 0; i < 50; ++i) {
    readers.push_back(open_file(kInstanceList, O_RDONLY));
    std::string part(static_cast<std::size_t>(1 + i * 9), '\0');
    ASSERT_THAT(read(readers.back().get(), part.data(), part.size()), SyscallSucceeds());
  }
  EXPECT_EQ(listed_as("one").size(), 1U);
  EXPECT_EQ(listed_as("two").size(), 1U);
  readers.erase(readers.begin() + 10, readers.begin() + 40);
  EXPECT_EQ(listed_as("two").size(), 1U);
}

TEST_F(InstancesTest, NumbersAreNotGivenTwiceAndTheListIsInTheirOrder) {
  std::uint64_t latest = 0;
  for (int i = 0; i < 10; ++i) {
    const unique_fd ep = named("numbered");
    EXPECT_GT(only("numbered").id, latest);
    latest = only("numbered").id;
  }
  const std::vector<ListedInstance> instances = listed();
  EXPECT_TRUE(std::ranges::is_sorted(instances, {}, &ListedInstance::id));
}

// Others create instances all the while: a list of what exists when its reading begins still ends.
TEST_F(InstancesTest, EachOfManyIsListedOnceBesideCreationAndCloses) {
  constexpr int kMany = 10000;
  const DescriptorLimit limit(kMany + 500);
  std::vector<unique_fd> instances;
  // The library would open the device each time.
  const unique_fd device = open_device();
  const struct xpoll_create create { .flags = XPOLL_CLOEXEC, .group = 0 };
  for (int i = 0; i < kMany; ++i) {
    set_name(fmt::format("n{}", i));
    instances.push_back(checked_fd(ioctl(device.get(), XPOLL_IOC_CREATE, &create), "create"));
  }
  std::atomic<bool> over{false};
  std::atomic<long> created{0};
  std::thread churn([&] {
    set_name("churn");
    while (!over) {
      const unique_fd first = backend_.instance();
      const unique_fd second = backend_.instance();
      ++created;
    }
  });
  {
    const SetAtExit stop(over);
    while (created == 0) std::this_thread::yield();
    std::map<std::string, int> times;
    std::uint64_t latest = 0;
    for (const ListedInstance& instance : listed()) {
      EXPECT_GT(instance.id, latest);
      latest = instance.id;
      if (instance.pid == getpid()) ++times[instance.comm];
    }
    EXPECT_LE(times["churn"], 2);
    times.erase("churn");
    EXPECT_EQ(times.size(), static_cast<std::size_t>(kMany));
    EXPECT_TRUE(std::ranges::all_of(times, [](const auto& time) { return time.second == 1; }));
  }
  churn.join();
}

}  // namespace
}  // namespace xpoll::test
