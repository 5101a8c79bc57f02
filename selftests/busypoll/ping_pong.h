// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <chrono>
#include <cstdint>

#include "tools/util/backend.h"

namespace xpoll::busypoll {

// Who waits, and whether it polls the network device.
struct Waiter {
  Backend backend;
  bool polls;
};

// The host's client makes a connection for each of them, in this order.
inline constexpr Waiter kWaiters[] = {
    {Backend::native(), false},
    {Backend::native(), true},
    {Backend::xpoll(), false},
    {Backend::xpoll(), true},
};

struct Result {
  int without_sleep = 0;         // messages that a wait found without a sleep
  std::uint64_t interrupts = 0;  // of queues of virtio-net that receive
};

// The guest's side: accepts a connection from `listener` and answers `messages` messages of a byte
// after a first one, which is not counted.
Result serve(const Waiter& waiter, const unique_fd& listener, int messages);

// The host's side: one connection to `port` on this machine, and as many messages, each so long
// after the answer to the one before.
void ping(std::uint16_t port, int messages, std::chrono::milliseconds pace);

// A socket that listens on all addresses.
unique_fd listen_on(std::uint16_t port);

}  // namespace xpoll::busypoll
