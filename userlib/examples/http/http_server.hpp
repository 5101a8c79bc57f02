// SPDX-License-Identifier: MIT
#ifndef EXAMPLES_HTTP_SERVER_HPP
#define EXAMPLES_HTTP_SERVER_HPP

#include <cstddef>
#include <memory>
#include <unordered_map>
#include <xpoll/unique_fd.hpp>

#include "edge_socket.hpp"
#include "http_counters.hpp"
#include "http_session.hpp"
#include "ring_loop.hpp"
#include "site.hpp"

namespace example {

/// Serves files over HTTP/1.1 in one thread.
class http_server final {
 public:
  /// Serves the connections that arrive at listener, `most` at one time. The others wait.
  http_server(ring_loop& loop, const site& files, xpoll::unique_fd listener, std::size_t most);

  [[nodiscard]] const http_counters& counters() const { return counters_; }

 private:
  class connection final : public edge_socket {
   public:
    connection(http_server& server, xpoll::unique_fd socket);

   private:
    void advance() override;

    http_server& server_;
    http_session session_;
  };

  class acceptor final : public edge_socket {
   public:
    acceptor(http_server& server, xpoll::unique_fd socket);
    void advance() override;

   private:
    http_server& server_;
  };

  void close(const connection& ended);

  ring_loop& loop_;
  const site& files_;
  const std::size_t most_;
  std::unordered_map<const connection*, std::unique_ptr<connection>> connections_;
  http_counters counters_;
  acceptor acceptor_;
};

}  // namespace example

#endif  // EXAMPLES_HTTP_SERVER_HPP
