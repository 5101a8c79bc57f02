// SPDX-License-Identifier: GPL-2.0-only
#include "tcp_state.h"

#include <sys/socket.h>

#include "wait_until.h"

namespace xpoll_test {

int tcpState(const Fd& socket) {
  tcp_info info{};
  socklen_t length = sizeof(info);
  checked(getsockopt(socket.get(), IPPROTO_TCP, TCP_INFO, &info, &length), "TCP_INFO");
  return info.tcpi_state;
}

bool seesEof(const Fd& socket) {
  char byte = 0;
  return recv(socket.get(), &byte, sizeof(byte), MSG_PEEK | MSG_DONTWAIT) == 0;
}

void waitUntilFin(const Fd& socket) {
  waitUntil("the peer's FIN", [&] { return tcpState(socket) == TCP_CLOSE_WAIT; });
}

}  // namespace xpoll_test
