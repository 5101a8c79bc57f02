// SPDX-License-Identifier: MIT
#include "system.hpp"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>

#include <cerrno>
#include <csignal>
#include <memory>
#include <stdexcept>
#include <system_error>

namespace example {
namespace {

using address_list = std::unique_ptr<addrinfo, decltype(&freeaddrinfo)>;

address_list resolve(const std::string& host, std::uint16_t port) {
  addrinfo hints{};
  hints.ai_family = AF_INET;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int error = getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found);
  if (error != 0) throw std::runtime_error(host + ": " + gai_strerror(error));
  return {found, &freeaddrinfo};
}

xpoll::unique_fd tcp_socket() {
  return xpoll::unique_fd(
      check(socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_TCP), "socket"));
}

void enable(int socket, int level, int option) {
  const int on = 1;
  check(setsockopt(socket, level, option, &on, sizeof on), "setsockopt");
}

}  // namespace

int check(int ret, const char* call) {
  if (ret < 0) throw std::system_error(errno, std::system_category(), call);
  return ret;
}

xpoll::unique_fd listen_on(const std::string& host, std::uint16_t port) {
  const address_list address = resolve(host, port);
  xpoll::unique_fd socket = tcp_socket();
  enable(socket.get(), SOL_SOCKET, SO_REUSEADDR);
  enable(socket.get(), IPPROTO_TCP, TCP_NODELAY);  // accepted sockets inherit it
  check(bind(socket.get(), address->ai_addr, address->ai_addrlen), "bind");
  check(listen(socket.get(), SOMAXCONN), "listen");
  return socket;
}

xpoll::unique_fd connect_to(const std::string& host, std::uint16_t port) {
  const address_list address = resolve(host, port);
  xpoll::unique_fd socket = tcp_socket();
  enable(socket.get(), IPPROTO_TCP, TCP_NODELAY);
  if (connect(socket.get(), address->ai_addr, address->ai_addrlen) < 0 && errno != EINPROGRESS)
    check(-1, "connect");
  return socket;
}

std::uint16_t port_of(int socket) {
  sockaddr_in address{};
  socklen_t length = sizeof address;
  check(getsockname(socket, reinterpret_cast<sockaddr*>(&address), &length), "getsockname");
  return ntohs(address.sin_port);
}

int error_of(int socket) {
  int error = 0;
  socklen_t length = sizeof error;
  check(getsockopt(socket, SOL_SOCKET, SO_ERROR, &error, &length), "getsockopt");
  return error;
}

void raise_descriptor_limit() {
  rlimit limit{};
  check(getrlimit(RLIMIT_NOFILE, &limit), "getrlimit");
  limit.rlim_cur = limit.rlim_max;
  check(setrlimit(RLIMIT_NOFILE, &limit), "setrlimit");
}

xpoll::unique_fd termination_signals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  check(sigprocmask(SIG_BLOCK, &set, nullptr), "sigprocmask");
  return xpoll::unique_fd(check(signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK), "signalfd"));
}

}  // namespace example
