// SPDX-License-Identifier: GPL-2.0-only
#ifndef XPOLL_SELFTESTS_UTIL_SOCKETS_H
#define XPOLL_SELFTESTS_UTIL_SOCKETS_H

#include <netinet/in.h>
#include <sys/socket.h>

#include <utility>

#include "fd.h"

namespace xpoll_test {

// Everything here is IPv4 on loopback or AF_UNIX, close-on-exec and non-blocking.

class TcpListener {
 public:
  explicit TcpListener(int backlog = 128);

  int get() const { return fd_.get(); }
  const Fd& fd() const { return fd_; }
  const sockaddr_in& address() const { return address_; }

  // A connection to this listener, established (in its backlog) on return.
  Fd connect() const;
  // The next connection of the backlog, waiting for it.
  Fd accept() const;

 private:
  Fd fd_;
  sockaddr_in address_{};
};

struct TcpPair {
  Fd client;  // the end that connected
  Fd server;  // the end that was accepted
};
TcpPair tcpPair();

// Two UDP sockets connected to each other.
std::pair<Fd, Fd> udpPair();

// socketpair(AF_UNIX, type).
std::pair<Fd, Fd> unixPair(int type = SOCK_STREAM);

}  // namespace xpoll_test

#endif  // XPOLL_SELFTESTS_UTIL_SOCKETS_H
