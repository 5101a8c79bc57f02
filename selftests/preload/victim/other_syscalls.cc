// SPDX-License-Identifier: GPL-2.0-only
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstring>

#include "modes.h"
#include "tools/util/checked.h"
#include "transcript.h"

namespace victim {

using xpoll::checked;
using xpoll::checked_fd;
using xpoll::unique_fd;

int other_syscalls(const Arguments&) {
  tell("an unknown number", [] { return syscall(100'000); });
#ifdef SYS_epoll_ctl_old
  tell("epoll_ctl_old", [] { return syscall(SYS_epoll_ctl_old, 0, 0, 0, nullptr); });
  tell("epoll_wait_old", [] { return syscall(SYS_epoll_wait_old, 0, nullptr, 1, 0); });
#endif
  tell("close", [] { return syscall(SYS_close, -1); });
  tell("getpid", [] { return syscall(SYS_getpid) == getpid(); });
  tell("lseek with a result beyond an int", [] {
    const unique_fd file = checked_fd(memfd_create("file", 0), "memfd_create");
    return syscall(SYS_lseek, file.get(), 0x7000000000L, SEEK_SET);
  });

  // All six arguments matter: maps the second page of a file.
  const unique_fd file = checked_fd(memfd_create("file", 0), "memfd_create");
  const long page = sysconf(_SC_PAGESIZE);
  checked(static_cast<int>(pwrite(file.get(), "second", 7, page)), "pwrite");
  void* mapped = nullptr;
  tell("mmap", [&] {
    const long address = syscall(SYS_mmap, nullptr, page, PROT_READ, MAP_PRIVATE, file.get(), page);
    mapped = reinterpret_cast<void*>(address);
    return address == -1;
  });
  std::printf("mapped: %s\n", static_cast<const char*>(mapped));
  return 0;
}

}  // namespace victim
