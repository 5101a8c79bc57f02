// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <sys/ioctl.h>

#include "tools/util/descriptors.h"
#include "tools/util/sockets.h"
#include "tools/util/wait_until.h"

namespace xpoll::test {

// Sends a byte to the pair's server end and waits until it arrives. On one processor (see
// OneProcessor) the wake-ups of its arrival have been made then, too: no task runs in between.
inline void send_until_there(const TcpPair& tcp) {
  const auto there = [&] {
    int bytes = 0;
    checked(ioctl(tcp.server.get(), FIONREAD, &bytes), "FIONREAD");
    return bytes;
  };
  const int before = there();
  write_all(tcp.client, "x");
  wait_until("a byte's arrival", [&] { return there() > before; });
}

}  // namespace xpoll::test
