// SPDX-License-Identifier: GPL-2.0-only
// XPOLL_IOC_CREATE_RING, additions to an instance with a ready ring, and mmap() of the ring.
#include <sys/resource.h>
#include <unistd.h>

#include "faults/fault_test.h"
#include "faults/sweep.h"
#include "tools/util/descriptors.h"
#include "util/matchers.h"
#include "util/process.h"
#include "util/raw.h"
#include "util/ring.h"

namespace xpoll::test {
namespace {

// The least limit of locked memory, in pages, with which the user may create a ring: it shows what
// the user is charged for. The real user is charged, and the effective one has no capability.
int pages_needed(const unique_fd& device) {
  Process child([&] {
    const auto arguments = ring_arguments(64);
    struct rlimit limit {};
    checked(getrlimit(RLIMIT_MEMLOCK, &limit), "getrlimit");
    checked(setresuid(getuid(), 65534, 65534), "setresuid");
    const auto page = static_cast<rlim_t>(sysconf(_SC_PAGESIZE));
    for (rlim_t pages = 1; pages * page <= limit.rlim_max; ++pages) {
      limit.rlim_cur = pages * page;
      checked(setrlimit(RLIMIT_MEMLOCK, &limit), "setrlimit");
      if (unique_fd(ioctl(device.get(), XPOLL_IOC_CREATE_RING, &arguments)).valid())
        return static_cast<int>(pages);
    }
    return -1;
  });
  return child.join();
}

class RingFaultTest : public FaultTest {};

TEST_F(RingFaultTest, Create) {
  const unique_fd device = open_device();
  const auto arguments = ring_arguments(64);
  const int before = pages_needed(device);
  ASSERT_GT(before, 0);
  unique_fd created;
  sweep_faults({
      .call =
          [&] {
            created = unique_fd(ioctl(device.get(), XPOLL_IOC_CREATE_RING, &arguments));
            return created.get();
          },
      .undo = [&] { created.reset(); },
      .errors = {EFAULT, ENOMEM, ENFILE},
      .needs_pages = true,
      .descriptors = [&] { return std::vector<int>{device.get()}; },
  });
  EXPECT_EQ(pages_needed(device), before);
}

TEST_F(RingFaultTest, Map) {
  const unique_fd fd = checked_fd(xpoll_ring_create(64, EPOLL_CLOEXEC), "xpoll_ring_create");
  struct xpoll_ring ring {};
  sweep_faults({
      .call = [&] { return xpoll_ring_map(fd.get(), &ring); },
      .undo = [&] { checked(xpoll_ring_unmap(&ring), "xpoll_ring_unmap"); },
      // EINVAL: the library asks what it is, and its memory for the answer fails.
      .errors = {EINVAL, ENOMEM},
      .descriptors = [&] { return std::vector<int>{fd.get()}; },
      .instances = [&] { return std::vector<int>{fd.get()}; },
  });
}

// Each round takes another slot, so that the table of slots grows.
TEST_F(RingFaultTest, Add) {
  const RingInstance ring;
  std::vector<unique_fd> fds;
  for (int i = 0; i < 20; ++i) fds.push_back(make_eventfd(1));
  for (int i = 0; i < 15; ++i) ASSERT_THAT(ring.add(fds[i], EPOLLIN | EPOLLET), SyscallSucceeds());
  sweep_faults({
      .call = [&] { return backend_.add(ring.get(), fds[15].get(), EPOLLIN | EPOLLET); },
      .undo = [&] { checked(backend_.del(ring.get(), fds[15].get()), "del"); },
      .errors = {EFAULT, ENOMEM},
      .descriptors = [&] { return std::vector<int>{ring.get()}; },
      .instances = [&] { return std::vector<int>{ring.get()}; },
  });
}

}  // namespace
}  // namespace xpoll::test
