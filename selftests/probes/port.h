// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <netinet/in.h>
#include <sys/socket.h>

#include <cstdint>

#include "tools/util/checked.h"

namespace xpoll::test {

// The port that the socket is bound to.
inline std::uint16_t port_of(const unique_fd& socket) {
  sockaddr_in address{};
  socklen_t length = sizeof(address);
  checked(getsockname(socket.get(), reinterpret_cast<sockaddr*>(&address), &length), "getsockname");
  return ntohs(address.sin_port);
}

}  // namespace xpoll::test
