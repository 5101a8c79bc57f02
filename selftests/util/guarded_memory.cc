// SPDX-License-Identifier: GPL-2.0-only
#include "guarded_memory.h"

#include <sys/mman.h>
#include <unistd.h>

#include "fd.h"

namespace xpoll_test {
namespace {

std::size_t pageSize() { return static_cast<std::size_t>(sysconf(_SC_PAGESIZE)); }

char* mapTwoPages() {
  void* start =
      mmap(nullptr, 2 * pageSize(), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (start == MAP_FAILED) checked(-1, "mmap");
  return static_cast<char*>(start);
}

}  // namespace

GuardedMemory::GuardedMemory() : start_(mapTwoPages()) {
  checked(mprotect(guard(), pageSize(), PROT_NONE), "mprotect");
}

GuardedMemory::~GuardedMemory() { munmap(start_, 2 * pageSize()); }

char* GuardedMemory::guard() const { return start_ + pageSize(); }

void GuardedMemory::makeReadOnly() { checked(mprotect(start_, pageSize(), PROT_READ), "mprotect"); }

}  // namespace xpoll_test
