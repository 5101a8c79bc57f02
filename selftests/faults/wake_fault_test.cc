// SPDX-License-Identifier: GPL-2.0-only
#include <linux/xpoll.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

#include <utility>

#include "faults/fault_test.h"
#include "faults/sweep.h"
#include "tools/util/bpf_program.h"
#include "tools/util/descriptors.h"
#include "tools/util/wait_until.h"
#include "util/each_backend.h"
#include "util/matchers.h"
#include "util/raw.h"
#include "util/worker_table.h"

namespace xpoll::test {
namespace {

class WakeFaultTest : public FaultTest {
 protected:
  static int set(int fd, std::uint32_t policy, int program = 0) {
    const xpoll_wake wake{.policy = policy, .prog_fd = program, .heartbeat_ns = 0, .reserved = {}};
    return ioctl(fd, XPOLL_IOC_WAKE, &wake);
  }

  // Sweeps the first setting of a policy, on a new descriptor each time.
  static void sweep_first(const std::function<unique_fd()>& make) {
    unique_fd fd;
    sweep_faults({
        .prepare = [&] { fd = make(); },
        .call = [&] { return set(fd.get(), XPOLL_WAKE_ROUND_ROBIN); },
        .undo = [&] { fd.reset(); },
        .errors = {EFAULT, ENOMEM},
        .needs_pages = true,
        .descriptors = [&] { return std::vector<int>{fd.get()}; },
    });
  }

  static void sweep_next(const unique_fd& fd) {
    ASSERT_THAT(set(fd.get(), XPOLL_WAKE_ROUND_ROBIN), SyscallSucceeds());
    WorkerTable(fd.get())[2].load = 3;
    sweep_faults({
        .call = [&] { return set(fd.get(), XPOLL_WAKE_LEAST_LOADED); },
        .errors = {EFAULT},
        .descriptors = [&] { return std::vector<int>{fd.get()}; },
    });
  }

  static void sweep_map(const unique_fd& fd) {
    ASSERT_THAT(set(fd.get(), XPOLL_WAKE_ROUND_ROBIN), SyscallSucceeds());
    void* table = MAP_FAILED;
    sweep_faults({
        .call =
            [&] {
              table = mmap(nullptr, WorkerTable::size(), PROT_READ | PROT_WRITE, MAP_SHARED,
                           fd.get(), 0);
              return table == MAP_FAILED ? -1 : 0;
            },
        .undo = [&] { munmap(table, WorkerTable::size()); },
        .errors = {ENOMEM},
        .descriptors = [&] { return std::vector<int>{fd.get()}; },
    });
  }
};

unique_fd open_device_with_group() {
  unique_fd device = open_device();
  checked(ioctl(device.get(), XPOLL_IOC_GROUP), "XPOLL_IOC_GROUP");
  return device;
}

unique_fd create_member(const unique_fd& device) {
  const struct xpoll_create create {
    .flags = XPOLL_CLOEXEC,
    .group = static_cast<std::uint32_t>(checked(ioctl(device.get(), XPOLL_IOC_GROUP), "group"))
  };
  return checked_fd(ioctl(device.get(), XPOLL_IOC_CREATE, &create), "XPOLL_IOC_CREATE");
}

TEST_F(WakeFaultTest, FirstPolicyOfAnInstance) {
  sweep_first([this] { return backend_.instance(); });
}

TEST_F(WakeFaultTest, FirstPolicyOfAnInstanceThatSharesItsGroups) {
  const unique_fd device = open_device();
  ASSERT_THAT(set(device.get(), XPOLL_WAKE_LEAST_LOADED), SyscallSucceeds());
  WorkerTable(device.get())[1].load = 5;
  sweep_first([&] { return create_member(device); });
}

TEST_F(WakeFaultTest, FirstPolicyOfADevice) { sweep_first(open_device); }

TEST_F(WakeFaultTest, FirstPolicyOfAGroup) { sweep_first(open_device_with_group); }

TEST_F(WakeFaultTest, NextPolicyOfAnInstance) { sweep_next(backend_.instance()); }

TEST_F(WakeFaultTest, NextPolicyOfAGroup) { sweep_next(open_device()); }

TEST_F(WakeFaultTest, MapOfAnInstancesTable) { sweep_map(backend_.instance()); }

TEST_F(WakeFaultTest, MapOfAGroupsTable) { sweep_map(open_device()); }

TEST_F(WakeFaultTest, FailedCallKeepsNoProgram) {
  std::uint32_t number = 0;
  {
    const unique_fd program = bpf::load_constant(0);
    number = bpf::number_of(program);
    unique_fd fd;
    for (const auto& make :
         {std::function([this] { return backend_.instance(); }), std::function(open_device)}) {
      sweep_faults({
          .prepare = [&] { fd = make(); },
          .call = [&] { return set(fd.get(), XPOLL_WAKE_BPF, program.get()); },
          .undo = [&] { fd.reset(); },
          .errors = {EFAULT, ENOMEM},
          .descriptors = [&] { return std::vector<int>{fd.get()}; },
      });
    }
    EXPECT_TRUE(bpf::is_loaded(number));
  }
  wait_until("the program gone", [=] { return !bpf::is_loaded(number); });
}

TEST_F(WakeFaultTest, AddOfAWatchAmongPeers) {
  const unique_fd device = open_device();
  ASSERT_THAT(set(device.get(), XPOLL_WAKE_ROUND_ROBIN), SyscallSucceeds());
  const unique_fd ep = create_member(device);
  const unique_fd other = create_member(device);
  const unique_fd ready = make_eventfd(1);
  // A file with two wait queues.
  const Pty pty = make_pty();
  const auto both = [&] { return std::vector<int>{ep.get(), other.get(), device.get()}; };
  for (const unique_fd* target : {&ready, &pty.slave}) {
    // The first watch of a queue, and a second one.
    for (int peers = 0; peers < 2; ++peers) {
      sweep_faults({
          .call = [&] { return backend_.add(ep.get(), target->get(), EPOLLIN | EPOLLEXCLUSIVE); },
          .undo = [&] { checked(backend_.del(ep.get(), target->get()), "del"); },
          .errors = {EFAULT, ENOMEM},
          .descriptors = both,
          .instances =
              [&] {
                return std::vector<int>{ep.get(), other.get()};
              },
      });
      if (peers == 0)
        checked(backend_.add(other.get(), target->get(), EPOLLIN | EPOLLEXCLUSIVE), "add");
    }
  }
}

TEST_F(WakeFaultTest, NumberOfAWorker) {
  const unique_fd ep = backend_.instance();
  const std::uint32_t worker = 1;
  sweep_faults({
      .call = [&] { return ioctl(ep.get(), XPOLL_IOC_WORKER, &worker); },
      .errors = {EFAULT},
      .meets_faults = false,
      .descriptors = [&] { return std::vector<int>{ep.get()}; },
  });
}

}  // namespace
}  // namespace xpoll::test
