// SPDX-License-Identifier: GPL-2.0-only
#include "faults/nth_fault.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <charconv>

namespace xpoll::test {

NthFault::NthFault()
    : file_(checked_fd(open("/proc/thread-self/fail-nth", O_RDWR | O_CLOEXEC), "fail-nth")) {}

void NthFault::arm(unsigned n) {
  std::array<char, 16> text{};
  const char* end = std::to_chars(text.begin(), text.end(), n).ptr;
  checked(static_cast<int>(
              pwrite(file_.get(), text.data(), static_cast<std::size_t>(end - text.data()), 0)),
          "write of fail-nth");
}

unsigned NthFault::disarm() {
  std::array<char, 16> text{};
  // This read is a user copy too, so the pending fault may hit it. Then the call had not reached
  // the place.
  unsigned left = 1;
  if (const ssize_t size = pread(file_.get(), text.data(), text.size(), 0); size > 0)
    std::from_chars(text.data(), text.data() + size, left);
  // The same is true of this write, once.
  if (pwrite(file_.get(), "0", 1, 0) < 0)
    checked(static_cast<int>(pwrite(file_.get(), "0", 1, 0)), "write of fail-nth");
  return left;
}

}  // namespace xpoll::test
