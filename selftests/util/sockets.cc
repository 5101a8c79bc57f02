// SPDX-License-Identifier: GPL-2.0-only
#include "sockets.h"

#include <fcntl.h>
#include <netinet/tcp.h>
#include <poll.h>

#include <array>

#include "wait_until.h"

namespace xpoll_test {
namespace {

constexpr int kFlags = SOCK_CLOEXEC | SOCK_NONBLOCK;

sockaddr* generic(sockaddr_in& address) { return reinterpret_cast<sockaddr*>(&address); }
const sockaddr* generic(const sockaddr_in& address) {
  return reinterpret_cast<const sockaddr*>(&address);
}

Fd inetSocket(int type) { return checkedFd(socket(AF_INET, type | SOCK_CLOEXEC, 0), "socket"); }

void setNonblocking(const Fd& fd) {
  checked(fcntl(fd.get(), F_SETFL, fcntl(fd.get(), F_GETFL) | O_NONBLOCK), "F_SETFL");
}

sockaddr_in bindToLoopback(const Fd& fd) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  checked(bind(fd.get(), generic(address), sizeof(address)), "bind");
  socklen_t length = sizeof(address);
  checked(getsockname(fd.get(), generic(address), &length), "getsockname");
  return address;
}

void connectTo(const Fd& fd, const sockaddr_in& address) {
  checked(::connect(fd.get(), generic(address), sizeof(address)), "connect");
}

// Each byte a segment of its own, so that a write is a wake-up and not waiting for Nagle.
void setNoDelay(const Fd& fd) {
  const int on = 1;
  checked(setsockopt(fd.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)), "TCP_NODELAY");
}

}  // namespace

TcpListener::TcpListener(int backlog) : fd_(inetSocket(SOCK_STREAM)) {
  address_ = bindToLoopback(fd_);
  checked(listen(fd_.get(), backlog), "listen");
  setNonblocking(fd_);
}

Fd TcpListener::connect() const {
  Fd fd = inetSocket(SOCK_STREAM);
  connectTo(fd, address_);
  setNonblocking(fd);
  setNoDelay(fd);
  return fd;
}

Fd TcpListener::accept() const {
  pollfd waiting{.fd = fd_.get(), .events = POLLIN, .revents = 0};
  waitUntil("a connection to accept", [&] { return poll(&waiting, 1, 0) == 1; });
  Fd fd = checkedFd(accept4(fd_.get(), nullptr, nullptr, kFlags), "accept4");
  setNoDelay(fd);
  return fd;
}

TcpPair tcpPair() {
  const TcpListener listener;
  Fd client = listener.connect();
  return {std::move(client), listener.accept()};
}

std::pair<Fd, Fd> udpPair() {
  Fd one = inetSocket(SOCK_DGRAM);
  Fd other = inetSocket(SOCK_DGRAM);
  const sockaddr_in one_address = bindToLoopback(one);
  const sockaddr_in other_address = bindToLoopback(other);
  connectTo(one, other_address);
  connectTo(other, one_address);
  setNonblocking(one);
  setNonblocking(other);
  return {std::move(one), std::move(other)};
}

std::pair<Fd, Fd> unixPair(int type) {
  std::array<int, 2> fds{};
  checked(socketpair(AF_UNIX, type | kFlags, 0, fds.data()), "socketpair");
  return {Fd(fds[0]), Fd(fds[1])};
}

}  // namespace xpoll_test
