// SPDX-License-Identifier: MIT
#include "edge_socket.hpp"

#include <sys/socket.h>

#include <cerrno>
#include <chrono>
#include <stdexcept>
#include <utility>

#include "../system.hpp"

namespace example {
namespace {

using namespace std::chrono_literals;
using xpoll::events;

/// Calls after which it is another socket's turn: one that is always ready would keep the others
/// waiting.
constexpr int calls_of_a_turn = 32;

/// How long to wait for descriptors or memory if none of our own connections ends.
constexpr auto starved_interval = 100ms;

/// Whether an error is the peer's or the network's, and not one of this program.
bool is_loss(int error) {
  return error == ECONNRESET || error == EPIPE || error == ETIMEDOUT || error == EHOSTUNREACH ||
         error == ENETUNREACH;
}

bool is_starved(int error) {
  return error == EMFILE || error == ENFILE || error == ENOBUFS || error == ENOMEM;
}

/// Whether accept(2) passes on what became of one connection; the next one may be fine.
bool is_of_one_connection(int error) {
  return is_loss(error) || error == ECONNABORTED || error == ENETDOWN || error == EPROTO ||
         error == ENOPROTOOPT || error == EHOSTDOWN || error == ENONET || error == EOPNOTSUPP ||
         error == EPERM;
}

}  // namespace

edge_socket::edge_socket(ring_loop& loop, xpoll::unique_fd socket)
    : loop_(loop), socket_(std::move(socket)) {
  loop_.watch(socket_.get(), events::in | events::out | events::rdhup, *this);
}

edge_socket::~edge_socket() { loop_.forget(*this); }

void edge_socket::ready(events happened) {
  constexpr events end = events::rdhup | events::hup | events::err;
  if (any(happened & (events::in | end))) readable_ = true;
  if (any(happened & (events::out | events::hup | events::err))) writable_ = true;
  if (any(happened & end)) ending_ = true;
  calls_left_ = calls_of_a_turn;
  advance();
}

void edge_socket::refused(int error) {
  errno = error;
  if (!is_starved(error) && error != ENOSPC) check(-1, "xpoll_enter");
  lost_ = true;
  advance();
}

bool edge_socket::has_turn() {
  if (calls_left_ == 0) {
    loop_.again(*this);
    return false;
  }
  --calls_left_;
  return true;
}

std::optional<std::size_t> edge_socket::failed(const char* call, bool& is_ready) {
  if (errno == EAGAIN) {
    is_ready = false;
    return std::nullopt;
  }
  if (!is_loss(errno)) check(-1, call);
  lost_ = true;
  return 0;
}

std::optional<std::size_t> edge_socket::read(std::span<char> room) {
  if (lost_) return 0;
  if (!readable_ || !has_turn()) return std::nullopt;
  const ssize_t length = recv(socket_.get(), room.data(), room.size(), 0);
  if (length < 0) return failed("recv", readable_);
  const auto bytes = static_cast<std::size_t>(length);
  // A short read emptied the socket, and what comes later makes a new event. But an end of stream
  // that was told already is not told again: then read on until it shows.
  readable_ = ending_ || bytes == room.size();
  return bytes;
}

std::optional<std::size_t> edge_socket::write(std::string_view bytes) {
  if (lost_) return 0;
  if (!writable_ || !has_turn()) return std::nullopt;
  const ssize_t length = send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
  if (length < 0) return failed("send", writable_);
  return static_cast<std::size_t>(length);
}

std::optional<xpoll::unique_fd> edge_socket::accept() {
  if (lost_) throw std::runtime_error("no memory to watch the listener");
  while (readable_ && has_turn()) {
    xpoll::unique_fd socket(accept4(socket_.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (socket.valid()) return socket;
    if (errno == EAGAIN) {
      readable_ = false;
    } else if (is_starved(errno)) {
      // there are connections to accept, for which no further event comes
      loop_.again(*this, starved_interval);
      break;
    } else if (!is_of_one_connection(errno)) {
      check(-1, "accept4");
    }
  }
  return std::nullopt;
}

void edge_socket::end_output() {
  if (std::exchange(output_ended_, true)) return;
  // ENOTCONN: the connection was reset meanwhile, which the next call tells
  if (shutdown(socket_.get(), SHUT_WR) < 0 && errno != ENOTCONN) check(-1, "shutdown");
}

}  // namespace example
