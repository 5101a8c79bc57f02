// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <netinet/in.h>
#include <sys/socket.h>

#include <utility>

#include "tools/util/checked.h"

namespace xpoll {

// All sockets are IPv4 on loopback or AF_UNIX, close-on-exec and non-blocking.

class TcpListener {
 public:
  explicit TcpListener(int backlog = 128);

  int get() const { return fd_.get(); }
  const unique_fd& fd() const { return fd_; }
  const sockaddr_in& address() const { return address_; }

  // Returns an established connection to this listener, which waits in its backlog.
  unique_fd connect() const;
  // Waits for the next connection in the backlog and accepts it.
  unique_fd accept() const;

 private:
  unique_fd fd_;
  sockaddr_in address_{};
};

struct TcpPair {
  unique_fd client;  // the end that connected
  unique_fd server;  // the end that was accepted
};
TcpPair tcp_pair();

// Two UDP sockets connected to each other.
std::pair<unique_fd, unique_fd> udp_pair();

// socketpair(AF_UNIX, type).
std::pair<unique_fd, unique_fd> unix_pair(int type = SOCK_STREAM);

}  // namespace xpoll
