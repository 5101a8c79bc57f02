// SPDX-License-Identifier: GPL-2.0-only
#include "util/close_hook.h"

#include <fcntl.h>

#include "util/close_removes.h"
#include "util/each_backend.h"

namespace xpoll::test {

void CloseHook::SetUp() {
  // The tests themselves say what it means that there is no device.
  if (access(kDevice, F_OK) < 0) return;
  static_cast<void>(create_instance(XPOLL_CLOEXEC | XPOLL_CREATE_CLOSE_REMOVES));
}

}  // namespace xpoll::test
