// SPDX-License-Identifier: GPL-2.0-only
#include "tcp_state.h"

#include <sys/socket.h>

#include "tools/util/wait_until.h"

namespace xpoll::test {

int tcp_state(const unique_fd& socket) {
  tcp_info info{};
  socklen_t length = sizeof(info);
  checked(getsockopt(socket.get(), IPPROTO_TCP, TCP_INFO, &info, &length), "TCP_INFO");
  return info.tcpi_state;
}

bool sees_eof(const unique_fd& socket) {
  char byte = 0;
  return recv(socket.get(), &byte, sizeof(byte), MSG_PEEK | MSG_DONTWAIT) == 0;
}

void wait_until_fin(const unique_fd& socket) {
  wait_until("the peer's FIN", [&] { return tcp_state(socket) == TCP_CLOSE_WAIT; });
}

}  // namespace xpoll::test
