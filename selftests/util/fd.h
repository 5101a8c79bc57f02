// SPDX-License-Identifier: GPL-2.0-only
#ifndef XPOLL_SELFTESTS_UTIL_FD_H
#define XPOLL_SELFTESTS_UTIL_FD_H

#include <unistd.h>

#include <string_view>

#include "tools/util/checked.h"
#include "tools/util/unique_fd.h"

namespace xpoll_test {

// Set-up steps throw, which fails the test with their name; calls under test return their status.
using xpoll::checked;

// Owns one file descriptor.
class Fd : public xpoll::UniqueFd {
 public:
  using UniqueFd::UniqueFd;

  // What close(2) returned; the descriptor is given up either way.
  int close() { return ::close(release()); }

  Fd dup() const { return Fd(checked(::dup(get()), "dup")); }
};

inline Fd checkedFd(int fd, std::string_view what) { return Fd(checked(fd, what)); }

}  // namespace xpoll_test

#endif  // XPOLL_SELFTESTS_UTIL_FD_H
