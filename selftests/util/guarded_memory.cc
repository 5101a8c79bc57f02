// SPDX-License-Identifier: GPL-2.0-only
#include "guarded_memory.h"

#include <sys/mman.h>
#include <unistd.h>

#include "tools/util/checked.h"

namespace xpoll::test {
namespace {

std::size_t page_size() { return static_cast<std::size_t>(sysconf(_SC_PAGESIZE)); }

char* map_two_pages() {
  void* start =
      mmap(nullptr, 2 * page_size(), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (start == MAP_FAILED) checked(-1, "mmap");
  return static_cast<char*>(start);
}

}  // namespace

GuardedMemory::GuardedMemory() : start_(map_two_pages()) {
  checked(mprotect(guard(), page_size(), PROT_NONE), "mprotect");
}

GuardedMemory::~GuardedMemory() { munmap(start_, 2 * page_size()); }

char* GuardedMemory::guard() const { return start_ + page_size(); }

void GuardedMemory::make_read_only() {
  checked(mprotect(start_, page_size(), PROT_READ), "mprotect");
}

}  // namespace xpoll::test
