// SPDX-License-Identifier: GPL-2.0-only
#include "each_backend.h"

#include <fcntl.h>

namespace xpoll::test {
namespace {

bool native_only = false;

}  // namespace

void set_native_only(bool value) { native_only = value; }

void require_xpoll() {
  if (native_only) GTEST_SKIP() << "--native-only was given";
  const unique_fd device(open(kDevice, O_RDWR | O_CLOEXEC));
  if (!device.valid())
    FAIL() << kDevice << " can't be opened (" << std::generic_category().message(errno)
           << "): load xpoll.ko, or give --native-only to test native epoll alone";
}

}  // namespace xpoll::test
