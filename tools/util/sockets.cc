// SPDX-License-Identifier: GPL-2.0-only
#include "sockets.h"

#include <fcntl.h>
#include <netinet/tcp.h>
#include <poll.h>

#include <array>

#include "wait_until.h"

namespace xpoll {
namespace {

constexpr int kFlags = SOCK_CLOEXEC | SOCK_NONBLOCK;

sockaddr* generic(sockaddr_in& address) { return reinterpret_cast<sockaddr*>(&address); }
const sockaddr* generic(const sockaddr_in& address) {
  return reinterpret_cast<const sockaddr*>(&address);
}

unique_fd inet_socket(int type) {
  return checked_fd(socket(AF_INET, type | SOCK_CLOEXEC, 0), "socket");
}

void set_nonblocking(const unique_fd& fd) {
  checked(fcntl(fd.get(), F_SETFL, fcntl(fd.get(), F_GETFL) | O_NONBLOCK), "F_SETFL");
}

sockaddr_in bind_to_loopback(const unique_fd& fd) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  checked(bind(fd.get(), generic(address), sizeof(address)), "bind");
  socklen_t length = sizeof(address);
  checked(getsockname(fd.get(), generic(address), &length), "getsockname");
  return address;
}

void connect_to(const unique_fd& fd, const sockaddr_in& address) {
  checked(::connect(fd.get(), generic(address), sizeof(address)), "connect");
}

// Each write is sent as a segment at once, so that it causes a wake-up without the delay of Nagle's
// algorithm.
void set_no_delay(const unique_fd& fd) {
  const int on = 1;
  checked(setsockopt(fd.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)), "TCP_NODELAY");
}

}  // namespace

TcpListener::TcpListener(int backlog) : fd_(inet_socket(SOCK_STREAM)) {
  address_ = bind_to_loopback(fd_);
  checked(listen(fd_.get(), backlog), "listen");
  set_nonblocking(fd_);
}

unique_fd TcpListener::connect() const {
  unique_fd fd = inet_socket(SOCK_STREAM);
  connect_to(fd, address_);
  set_nonblocking(fd);
  set_no_delay(fd);
  return fd;
}

unique_fd TcpListener::accept() const {
  pollfd waiting{.fd = fd_.get(), .events = POLLIN, .revents = 0};
  wait_until("a connection to accept", [&] { return poll(&waiting, 1, 0) == 1; });
  unique_fd fd = checked_fd(accept4(fd_.get(), nullptr, nullptr, kFlags), "accept4");
  set_no_delay(fd);
  return fd;
}

TcpPair tcp_pair() {
  const TcpListener listener;
  unique_fd client = listener.connect();
  return {std::move(client), listener.accept()};
}

std::pair<unique_fd, unique_fd> udp_pair() {
  unique_fd one = inet_socket(SOCK_DGRAM);
  unique_fd other = inet_socket(SOCK_DGRAM);
  const sockaddr_in one_address = bind_to_loopback(one);
  const sockaddr_in other_address = bind_to_loopback(other);
  connect_to(one, other_address);
  connect_to(other, one_address);
  set_nonblocking(one);
  set_nonblocking(other);
  return {std::move(one), std::move(other)};
}

std::pair<unique_fd, unique_fd> unix_pair(int type) {
  std::array<int, 2> fds{};
  checked(socketpair(AF_UNIX, type | kFlags, 0, fds.data()), "socketpair");
  return {unique_fd(fds[0]), unique_fd(fds[1])};
}

}  // namespace xpoll
