// SPDX-License-Identifier: MIT
// The calls of <xpoll/wake.h> on descriptors that are not xpoll's, and the wake policy as a value.
#include <gtest/gtest.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <unistd.h>
#include <xpoll/wake.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <stdexcept>
#include <system_error>
#include <utility>
#include <xpoll/unique_fd.hpp>
#include <xpoll/xpoll.hpp>

#include "has_module.hpp"

namespace {

using namespace std::chrono_literals;
using xpoll::wake_policy;
using xpoll::worker_table;

int error_of(const std::function<int()>& call) {
  errno = 0;
  return call() < 0 ? errno : 0;
}

class WakeCalls : public testing::Test {
 protected:
  const xpoll::unique_fd native_{epoll_create1(EPOLL_CLOEXEC)};
  const xpoll::unique_fd counter_{eventfd(1, EFD_CLOEXEC | EFD_NONBLOCK)};
  std::array<epoll_event, 2> room_{};
};

TEST_F(WakeCalls, FailOnADescriptorThatIsNotOpen) {
  const struct xpoll_wake wake {};
  EXPECT_EQ(error_of([&] { return xpoll_wake(-1, &wake); }), EBADF);
  EXPECT_EQ(error_of([] { return xpoll_set_worker(-1, 1); }), EBADF);
  EXPECT_EQ(error_of([] { return xpoll_create_in(-1, 0); }), EBADF);
  EXPECT_EQ(error_of([] { return xpoll_workers_map(-1) ? 0 : -1; }), EBADF);
}

TEST_F(WakeCalls, FailOnAnotherKindOfFile) {
  const struct xpoll_wake wake {};
  const int fd = counter_.get();
  EXPECT_EQ(error_of([&] { return xpoll_wake(fd, &wake); }), ENOTTY);
  EXPECT_EQ(error_of([&] { return xpoll_set_worker(fd, 1); }), ENOTTY);
  EXPECT_EQ(error_of([&] { return xpoll_create_in(fd, 0); }), ENOTTY);
  EXPECT_EQ(error_of([&] { return xpoll_workers_map(fd) ? 0 : -1; }), ENODEV);
}

TEST_F(WakeCalls, GroupRefusesUnknownFlagsBeforeItOpensTheDevice) {
  EXPECT_EQ(error_of([] { return xpoll_group_create(1); }), EINVAL);
}

TEST_F(WakeCalls, WaitIgnoresTheWorkerOnANativeInstance) {
  epoll_event event{.events = EPOLLIN, .data = {.u64 = 7}};
  ASSERT_EQ(epoll_ctl(native_.get(), EPOLL_CTL_ADD, counter_.get(), &event), 0);
  ASSERT_EQ(xpoll_pwait_worker(native_.get(), room_.data(), 2, -1, 0, nullptr, 3), 1);
  EXPECT_EQ(std::uint64_t{room_.front().data.u64}, 7U);
}

TEST_F(WakeCalls, WaitRefusesAWorkerBeyondTheTableOnANativeInstance) {
  constexpr std::uint32_t kBeyond = XPOLL_WORKERS_MAX + 1;
  EXPECT_EQ(error_of([&] {
              return xpoll_pwait_worker(native_.get(), room_.data(), 2, 0, 0, nullptr, kBeyond);
            }),
            EINVAL);
}

TEST_F(WakeCalls, PollerThrowsThemOnANativeInstance) {
  auto poller = xpoll::poller::native();
  EXPECT_THROW(poller.wake(wake_policy::round_robin()), std::system_error);
  EXPECT_THROW((void)poller.workers(), std::system_error);
  EXPECT_THROW(poller.set_worker(1), std::system_error);
}

// The module's flag, which xpoll_create1() takes, too.
TEST(GroupOfXpoll, TakesAnInstanceWhoseWatchesEndWithTheirDescriptors) {
  if (!has_module()) GTEST_SKIP() << "there is no module";
  const xpoll::unique_fd group(xpoll_group_create(EPOLL_CLOEXEC));
  for (const int flag : {0, XPOLL_CREATE_CLOSE_REMOVES}) {
    const xpoll::unique_fd instance(xpoll_create_in(group.get(), EPOLL_CLOEXEC | flag));
    xpoll::unique_fd file(eventfd(1, EFD_CLOEXEC));
    const xpoll::unique_fd dup(::dup(file.get()));
    epoll_event event{.events = EPOLLIN, .data = {}};
    ASSERT_EQ(xpoll_ctl(instance.get(), EPOLL_CTL_ADD, file.get(), &event), 0);
    file.reset();
    EXPECT_EQ(xpoll_wait(instance.get(), &event, 1, 0), flag ? 0 : 1);
  }
}

std::size_t page_size() { return static_cast<std::size_t>(sysconf(_SC_PAGESIZE)); }

// A page such as xpoll_workers_map() returns.
xpoll_worker* map_page() {
  void* const page =
      mmap(nullptr, page_size(), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (page == MAP_FAILED) throw std::system_error(errno, std::generic_category(), "mmap");
  return static_cast<xpoll_worker*>(page);
}

// 0 while it is mapped, ENOMEM afterwards.
int mapping_error(xpoll_worker* page) {
  return error_of([page] { return msync(page, page_size(), MS_ASYNC); });
}

TEST(WorkerTable, HasTheEntriesOneToTheLastAndNoOther) {
  xpoll_worker* const page = map_page();
  worker_table table(page);
  table.load(1, 5);
  table.load(XPOLL_WORKERS_MAX, 6);
  table.beat(2);
  EXPECT_EQ(page[0].load, 5U);
  EXPECT_EQ(page[XPOLL_WORKERS_MAX - 1].load, 6U);
  EXPECT_GT(page[1].heartbeat_ns, 0U);
  EXPECT_THROW(table.load(0, 1), std::out_of_range);
  EXPECT_THROW(table.load(XPOLL_WORKERS_MAX + 1, 1), std::out_of_range);
  EXPECT_THROW(table.beat(0), std::out_of_range);
  EXPECT_THROW(table.beat(XPOLL_WORKERS_MAX + 1), std::out_of_range);
}

TEST(WorkerTable, HasNoEntryIfItHasNoPage) {
  worker_table none(nullptr);
  EXPECT_THROW(none.load(1, 0), std::out_of_range);
  worker_table moved_from(map_page());
  const worker_table moved(std::move(moved_from));
  // NOLINTNEXTLINE(bugprone-use-after-move): it is what this is about
  EXPECT_THROW(moved_from.beat(1), std::out_of_range);
}

TEST(WorkerTable, UnmapsItsPageAtTheEndOfTheLastOwner) {
  xpoll_worker* const page = map_page();
  {
    std::optional<worker_table> first(page);
    worker_table second(std::move(*first));
    first.reset();
    EXPECT_EQ(mapping_error(page), 0);
    second.load(1, 5);
    EXPECT_EQ(page->load, 5U);
  }
  EXPECT_EQ(mapping_error(page), ENOMEM);
}

TEST(WorkerTable, AssignmentTakesThePageAndLosesNone) {
  xpoll_worker* const old_page = map_page();
  xpoll_worker* const new_page = map_page();
  {
    worker_table table(old_page);
    table = worker_table(new_page);
    EXPECT_EQ(mapping_error(old_page), ENOMEM);
    EXPECT_EQ(mapping_error(new_page), 0);
    table.load(1, 5);
    EXPECT_EQ(new_page->load, 5U);
  }
  EXPECT_EQ(mapping_error(new_page), ENOMEM);
}

TEST(WorkerTable, UnmapRefusesAnAddressWithinThePage) {
  xpoll_worker* const page = map_page();
  EXPECT_EQ(error_of([page] { return xpoll_workers_unmap(page + 1); }), EINVAL);
  EXPECT_EQ(mapping_error(page), 0);
  EXPECT_EQ(xpoll_workers_unmap(page), 0);
  EXPECT_EQ(mapping_error(page), ENOMEM);
}

TEST(WorkerTable, BeatsOnTheClockThatWaitsAreMeasuredBy) {
  xpoll_worker worker{};
  const auto now = [] {
    return static_cast<std::uint64_t>(std::chrono::steady_clock::now().time_since_epoch() / 1ns);
  };
  const std::uint64_t before = now();
  xpoll_worker_beat(&worker);
  EXPECT_GE(worker.heartbeat_ns, before);
  EXPECT_LE(worker.heartbeat_ns, now());
}

TEST(WakePolicy, IsTheStructureOfTheKernel) {
  EXPECT_EQ(wake_policy::native().get().policy, XPOLL_WAKE_NATIVE);
  EXPECT_EQ(wake_policy::round_robin().get().policy, XPOLL_WAKE_ROUND_ROBIN);
  EXPECT_EQ(wake_policy::program(7).get().policy, XPOLL_WAKE_BPF);
  EXPECT_EQ(wake_policy::program(7).get().prog_fd, 7);
  const wake_policy least = wake_policy::least_loaded().heartbeat(3ms);
  EXPECT_EQ(least.get().policy, XPOLL_WAKE_LEAST_LOADED);
  EXPECT_EQ(least.get().heartbeat_ns, 3'000'000U);
  EXPECT_EQ(least.heartbeat(-1s).get().heartbeat_ns, 0U);
}

}  // namespace
