// SPDX-License-Identifier: GPL-2.0-only
#include "apps/tcp_port.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <stdexcept>
#include <string>

#include "tools/util/checked.h"
#include "tools/util/sockets.h"
#include "tools/util/wait_until.h"

namespace xpoll::test {
namespace {

bool is_listening(std::uint16_t port) {
  const unique_fd fd = checked_fd(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket");
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const int result =
      connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address));
  if (result < 0 && errno != ECONNREFUSED) checked(result, "connect");
  return result == 0;
}

}  // namespace

std::uint16_t free_tcp_port() { return ntohs(TcpListener().address().sin_port); }

void wait_until_listening(Program& server, std::uint16_t port) {
  wait_until("a server on port " + std::to_string(port), [&] {
    if (!server.running())
      throw std::runtime_error("the server ended instead of serving:\n" + server.output());
    return is_listening(port);
  });
}

}  // namespace xpoll::test
