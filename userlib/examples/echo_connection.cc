// SPDX-License-Identifier: MIT
#include "echo_connection.hpp"

#include <sys/socket.h>

#include <cerrno>

namespace example {

using xpoll::events;

events echo_connection::interest() const {
  if (mode_ == trigger::edge) return events::in | events::out | events::rdhup | events::edge;
  // Whoever asked for both would be told of input that it can't take yet, again and again.
  return pending_.empty() ? events::in : events::out;
}

echo_connection::state echo_connection::advance(events happened, echo_counters& counters) {
  constexpr events end = events::rdhup | events::hup | events::err;
  if (any(happened & (events::in | end))) readable_ = true;
  if (any(happened & end)) ending_ = true;

  while (true) {
    switch (pending_.empty() ? step::done : write_pending(counters)) {
      case step::would_block:
        return state::open;
      case step::error:
        return state::failed;
      default:
        break;
    }
    if (!readable_) return state::open;
    switch (read_some(counters)) {
      case step::end:
        return state::finished;
      case step::error:
        return state::failed;
      default:
        break;
    }
  }
}

echo_connection::step echo_connection::read_some(echo_counters& counters) {
  ++counters.reads;
  const ssize_t length = recv(socket_.get(), buffer_.data(), buffer_.size(), 0);
  if (length == 0) return step::end;
  if (length < 0) {
    readable_ = false;
    return errno == EAGAIN ? step::would_block : step::error;
  }
  pending_ = std::span(buffer_).first(static_cast<std::size_t>(length));
  // Level: if there is more, the next wait says so. Edge: a short read emptied the socket, and what
  // comes later makes a new event; but an end of stream that was reported together with the last
  // bytes will not be reported again, so then read on until it shows.
  readable_ = mode_ == trigger::edge && (ending_ || pending_.size() == buffer_.size());
  return step::done;
}

echo_connection::step echo_connection::write_pending(echo_counters& counters) {
  while (!pending_.empty()) {
    ++counters.writes;
    const ssize_t length = send(socket_.get(), pending_.data(), pending_.size(), MSG_NOSIGNAL);
    if (length < 0) return errno == EAGAIN ? step::would_block : step::error;
    counters.bytes += static_cast<std::uint64_t>(length);
    pending_ = pending_.subspan(static_cast<std::size_t>(length));
  }
  return step::done;
}

}  // namespace example
