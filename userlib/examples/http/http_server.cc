// SPDX-License-Identifier: MIT
#include "http_server.hpp"

#include <array>
#include <optional>
#include <string_view>
#include <utility>

namespace example {

http_server::http_server(ring_loop& loop, const site& files, xpoll::unique_fd listener,
                         std::size_t most)
    : loop_(loop), files_(files), most_(most), acceptor_(*this, std::move(listener)) {}

http_server::acceptor::acceptor(http_server& server, xpoll::unique_fd socket)
    : edge_socket(server.loop_, std::move(socket)), server_(server) {}

void http_server::acceptor::advance() {
  while (server_.connections_.size() < server_.most_) {
    std::optional<xpoll::unique_fd> socket = accept();
    if (!socket) return;
    auto made = std::make_unique<connection>(server_, std::move(*socket));
    server_.connections_.emplace(made.get(), std::move(made));
    server_.counters_.open();
  }
}

http_server::connection::connection(http_server& server, xpoll::unique_fd socket)
    : edge_socket(server.loop_, std::move(socket)),
      server_(server),
      session_(server.files_, server.counters_) {}

void http_server::connection::advance() {
  std::array<char, 16384> room;
  while (!lost() && !session_.finished()) {
    if (!session_.output().empty()) {
      const std::optional<std::size_t> length = write(session_.output());
      if (!length) return;
      session_.sent(*length);
    } else {
      if (session_.ending()) end_output();
      const std::optional<std::size_t> length = read(room);
      if (!length) return;
      session_.receive(std::string_view(room.data(), *length));
    }
  }
  server_.close(*this);
}

void http_server::close(const connection& ended) {
  ++counters_.closed;
  counters_.lost += ended.lost();
  const bool was_full = connections_.size() == most_;
  connections_.erase(&ended);
  if (was_full) loop_.again(acceptor_);
}

}  // namespace example
