// SPDX-License-Identifier: GPL-2.0-only
#include "fault_gate.h"

#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#include <cstdint>
#include <stdexcept>
#include <utility>

#include "tools/util/wait_until.h"

namespace xpoll::test {
namespace {

int open_userfaultfd() { return static_cast<int>(syscall(SYS_userfaultfd, O_CLOEXEC)); }

char* map_pages(std::size_t bytes) {
  void* pages = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  checked(pages == MAP_FAILED ? -1 : 0, "mmap");
  return static_cast<char*>(pages);
}

}  // namespace

bool FaultGate::available() { return unique_fd(open_userfaultfd()).valid(); }

FaultGate::FaultGate()
    : uffd_(checked_fd(open_userfaultfd(), "userfaultfd")),
      page_size_(static_cast<std::size_t>(sysconf(_SC_PAGESIZE))),
      pages_(map_pages(2 * page_size_)) {
  // Touch the page before the gate, so that it does not fault later.
  *pages_ = 0;
  uffdio_api api{};
  api.api = UFFD_API;
  checked(ioctl(uffd_.get(), UFFDIO_API, &api), "UFFDIO_API");
  uffdio_register gate{};
  gate.range.start = reinterpret_cast<std::uintptr_t>(pages_ + page_size_);
  gate.range.len = page_size_;
  gate.mode = UFFDIO_REGISTER_MODE_MISSING;
  checked(ioctl(uffd_.get(), UFFDIO_REGISTER, &gate), "UFFDIO_REGISTER");
}

FaultGate::~FaultGate() {
  open();
  munmap(pages_, 2 * page_size_);
}

epoll_event* FaultGate::array_gated_at(int k) const {
  return reinterpret_cast<epoll_event*>(pages_ + page_size_) - k;
}

void FaultGate::wait_until_reached() {
  constexpr auto kDeadlineMs = static_cast<int>(std::chrono::milliseconds(kDeadline).count());
  pollfd gate{.fd = uffd_.get(), .events = POLLIN, .revents = 0};
  if (checked(poll(&gate, 1, kDeadlineMs), "poll of userfaultfd") == 0)
    throw std::runtime_error("nobody touched the gated page");
  uffd_msg message;
  checked(static_cast<int>(read(uffd_.get(), &message, sizeof(message))), "read of userfaultfd");
}

void FaultGate::open() {
  if (std::exchange(open_, true)) return;
  uffdio_zeropage zero{};
  zero.range.start = reinterpret_cast<std::uintptr_t>(pages_ + page_size_);
  zero.range.len = page_size_;
  checked(ioctl(uffd_.get(), UFFDIO_ZEROPAGE, &zero), "UFFDIO_ZEROPAGE");
}

void FaultGate::refuse() {
  open_ = true;
  checked(mprotect(pages_ + page_size_, page_size_, PROT_NONE), "mprotect");
  uffdio_range gate{};
  gate.start = reinterpret_cast<std::uintptr_t>(pages_ + page_size_);
  gate.len = page_size_;
  checked(ioctl(uffd_.get(), UFFDIO_WAKE, &gate), "UFFDIO_WAKE");
}

}  // namespace xpoll::test
