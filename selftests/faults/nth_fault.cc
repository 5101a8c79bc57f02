// SPDX-License-Identifier: GPL-2.0-only
#include "faults/nth_fault.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <charconv>

namespace xpoll_test {

NthFault::NthFault()
    : file_(checkedFd(open("/proc/thread-self/fail-nth", O_RDWR | O_CLOEXEC), "fail-nth")) {}

void NthFault::arm(unsigned n) {
  std::array<char, 16> text{};
  const char* end = std::to_chars(text.begin(), text.end(), n).ptr;
  checked(static_cast<int>(
              pwrite(file_.get(), text.data(), static_cast<std::size_t>(end - text.data()), 0)),
          "write of fail-nth");
}

bool NthFault::disarm() {
  // The answer to this read is itself a copy that can fail: then it was the next place.
  char left = 0;
  const bool used = pread(file_.get(), &left, 1, 0) == 1 && left == '0';
  // So is this, once.
  if (pwrite(file_.get(), "0", 1, 0) < 0)
    checked(static_cast<int>(pwrite(file_.get(), "0", 1, 0)), "write of fail-nth");
  return used;
}

}  // namespace xpoll_test
