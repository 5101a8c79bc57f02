// SPDX-License-Identifier: GPL-2.0-only
#ifndef XPOLL_SELFTESTS_PROBES_ARRIVAL_H
#define XPOLL_SELFTESTS_PROBES_ARRIVAL_H

#include <sys/ioctl.h>

#include "util/descriptors.h"
#include "util/sockets.h"
#include "util/wait_until.h"

namespace xpoll_test {

// Sends a byte to the pair's server end and waits until it is there. On one processor (see
// OneProcessor) what its arrival causes is done then, too: no task runs in between.
inline void sendUntilThere(const TcpPair& tcp) {
  const auto there = [&] {
    int bytes = 0;
    checked(ioctl(tcp.server.get(), FIONREAD, &bytes), "FIONREAD");
    return bytes;
  };
  const int before = there();
  writeAll(tcp.client, "x");
  waitUntil("a byte's arrival", [&] { return there() > before; });
}

}  // namespace xpoll_test

#endif  // XPOLL_SELFTESTS_PROBES_ARRIVAL_H
