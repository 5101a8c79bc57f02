// SPDX-License-Identifier: GPL-2.0-only
#include "apps/tcp_port.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <stdexcept>
#include <string>

#include "util/fd.h"
#include "util/sockets.h"
#include "util/wait_until.h"

namespace xpoll_test {
namespace {

bool isListening(std::uint16_t port) {
  const Fd fd = checkedFd(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket");
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

std::uint16_t freeTcpPort() { return ntohs(TcpListener().address().sin_port); }

void waitUntilListening(Program& server, std::uint16_t port) {
  waitUntil("a server on port " + std::to_string(port), [&] {
    if (!server.running())
      throw std::runtime_error("the server ended instead of serving:\n" + server.output());
    return isListening(port);
  });
}

}  // namespace xpoll_test
