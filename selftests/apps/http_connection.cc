// SPDX-License-Identifier: GPL-2.0-only
#include "apps/http_connection.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <array>
#include <chrono>
#include <stdexcept>

#include "apps/http_response_parser.h"
#include "tools/util/wait_until.h"

namespace xpoll::test {
namespace {

constexpr int kReceiveBuffer = 16 * 1024;

template <typename T>
void set_option(const unique_fd& socket, int option, const T& value) {
  checked(setsockopt(socket.get(), SOL_SOCKET, option, &value, sizeof(value)), "setsockopt");
}

bool is_reset(int error) { return error == ECONNRESET || error == EPIPE; }

}  // namespace

HttpConnection::HttpConnection(std::uint16_t port)
    : socket_(checked_fd(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket")) {
  set_option(socket_, SO_RCVBUF, kReceiveBuffer);
  set_option(socket_, SO_RCVTIMEO,
             timeval{.tv_sec = std::chrono::seconds(kDeadline).count(), .tv_usec = 0});
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  checked(connect(socket_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)),
          "connect");
}

bool HttpConnection::ask(const std::string& path) {
  path_ = path;
  if (!rest_.empty()) throw std::runtime_error("http: a response came without a request");
  const std::string request = fmt::format("GET {} HTTP/1.1\r\nHost: localhost\r\n\r\n", path);
  const ssize_t sent = send(socket_.get(), request.data(), request.size(), MSG_NOSIGNAL);
  if (sent < 0 && is_reset(errno)) return false;
  checked(static_cast<int>(sent), "send");
  return true;
}

void HttpConnection::send_all(std::string_view requests) {
  while (!requests.empty()) {
    const ssize_t sent = send(socket_.get(), requests.data(), requests.size(), MSG_NOSIGNAL);
    requests.remove_prefix(static_cast<std::size_t>(checked(static_cast<int>(sent), "send")));
  }
}

void HttpConnection::end_requests() { checked(shutdown(socket_.get(), SHUT_WR), "shutdown"); }

std::size_t HttpConnection::receive(char* data, std::size_t size, const std::string& what) {
  const ssize_t received = recv(socket_.get(), data, size, 0);
  if (received >= 0) return static_cast<std::size_t>(received);
  if (is_reset(errno)) return 0;
  if (errno == EAGAIN) {
    throw std::runtime_error(fmt::format("http: {}: nothing came for {} s", what,
                                         std::chrono::seconds(kDeadline).count()));
  }
  throw std::system_error(errno, std::generic_category(), "http: " + what);
}

std::optional<HttpResponse> HttpConnection::get(const std::string& path) {
  if (!ask(path)) return std::nullopt;
  return finish();
}

void HttpConnection::begin(const std::string& path) {
  checked(ask(path) ? 0 : -1, "send");
  pollfd poller{.fd = socket_.get(), .events = POLLIN, .revents = 0};
  const auto limit = std::chrono::milliseconds(kDeadline).count();
  if (checked(poll(&poller, 1, static_cast<int>(limit)), "poll") == 0)
    throw std::runtime_error("http: nothing came for GET " + path);
}

std::optional<HttpResponse> HttpConnection::finish(bool has_body) {
  HttpResponseParser parser(has_body);
  std::array<char, 16 * 1024> piece;
  rest_.erase(0, parser.feed(rest_));
  while (!parser.complete()) {
    const std::string what = fmt::format("GET {}, {} bytes of its response", path_, parser.bytes());
    const std::size_t size = receive(piece.data(), piece.size(), what);
    if (size == 0) {
      if (parser.bytes() == 0) return std::nullopt;
      throw std::runtime_error(fmt::format("http: {}: closed before its end", what));
    }
    const std::size_t parsed = parser.feed({piece.data(), size});
    rest_.assign(piece.data() + parsed, size - parsed);
  }
  return parser.take();
}

void HttpConnection::await_close() {
  char byte;
  if (!rest_.empty() || receive(&byte, sizeof(byte), "waiting for the server's close") != 0)
    throw std::runtime_error("http: data came instead of the server's close");
}

}  // namespace xpoll::test
