// SPDX-License-Identifier: MIT
#include "echo_server.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include "system.hpp"

namespace example {

using xpoll::events;

echo_server::echo_server(xpoll::poller poller, xpoll::unique_fd listener, xpoll::unique_fd stop,
                         trigger mode)
    : poller_(std::move(poller)),
      listener_(std::move(listener)),
      stop_(std::move(stop)),
      mode_(mode) {
  poller_.add(listener_.get(), events::in, {.fd = listener_.get()});
  poller_.add(stop_.get(), events::in, {.fd = stop_.get()});
  counters_.ctls += 2;
}

void echo_server::run(std::uint64_t connections) {
  std::array<epoll_event, 256> room;
  while (!stopping_ && counters_.closed < connections) {
    const auto ready = poller_.wait(room);
    ++counters_.waits;
    counters_.events += ready.size();
    // A connection closed here may leave its number to one accepted a moment later. That is no
    // danger: a batch holds one event per descriptor at most, and the closed one's is behind us.
    for (const epoll_event& event : ready) handle(event.data.fd, xpoll::events_of(event));
  }
}

void echo_server::handle(int fd, events happened) {
  if (fd == stop_.get())
    stopping_ = true;
  else if (fd == listener_.get())
    accept_all();
  else
    advance(fd, happened);
}

void echo_server::accept_all() {
  while (true) {
    ++counters_.accepts;
    xpoll::unique_fd socket(
        accept4(listener_.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (socket.get() < 0 && errno == EAGAIN) return;
    if (socket.get() < 0 && errno == ECONNABORTED) continue;  // gone before we came to it
    check(socket.get(), "accept4");
    open_connection(std::move(socket));
  }
}

void echo_server::open_connection(xpoll::unique_fd socket) {
  const int fd = socket.get();
  auto connection = std::make_unique<echo_connection>(std::move(socket), mode_);
  poller_.add(fd, connection->interest(), {.fd = fd});
  ++counters_.ctls;
  connections_.emplace(fd, std::move(connection));
  ++counters_.opened;
  counters_.most_open = std::max<std::uint64_t>(counters_.most_open, connections_.size());
}

void echo_server::advance(int fd, events happened) {
  echo_connection& connection = *connections_.at(fd);
  const events before = connection.interest();
  const auto state = connection.advance(happened, counters_);
  if (state != echo_connection::state::open) {
    if (state == echo_connection::state::failed) ++counters_.failed;
    close_connection(fd);
  } else if (connection.interest() != before) {
    poller_.modify(fd, connection.interest(), {.fd = fd});
    ++counters_.ctls;
  }
}

void echo_server::close_connection(int fd) {
  connections_.erase(fd);  // the last close of the socket ends its watch, too
  ++counters_.closed;
}

}  // namespace example
