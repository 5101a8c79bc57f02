// SPDX-License-Identifier: MIT
#ifndef EXAMPLES_HTTP_EDGE_SOCKET_HPP
#define EXAMPLES_HTTP_EDGE_SOCKET_HPP

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>
#include <xpoll/unique_fd.hpp>

#include "ring_loop.hpp"

namespace example {

/// A non-blocking socket that a ring_loop watches edge-triggered. An event is told once, so this
/// remembers what the socket is ready for until a call says that it would block. After each
/// function that returns nothing, advance() is called when it is worth another try.
class edge_socket : public watched {
 public:
  edge_socket(ring_loop& loop, xpoll::unique_fd socket);
  ~edge_socket() override;

  /// The number of bytes read. 0: the peer sends no more, or the connection is lost.
  std::optional<std::size_t> read(std::span<char> room);
  /// The number of bytes sent, often less than all. 0: the connection is lost.
  std::optional<std::size_t> write(std::string_view bytes);
  /// The next connection. While descriptors or memory lack, it tries again from time to time.
  std::optional<xpoll::unique_fd> accept();

  /// Tells the peer that no more is sent.
  void end_output();

  /// Whether the connection ended by an error, or could not be watched.
  [[nodiscard]] bool lost() const { return lost_; }

  void ready(xpoll::events happened) final;
  void refused(int error) final;

 protected:
  virtual void advance() = 0;

 private:
  bool has_turn();
  std::optional<std::size_t> failed(const char* call, bool& is_ready);

  ring_loop& loop_;
  xpoll::unique_fd socket_;
  bool readable_ = false;
  bool writable_ = true;
  bool ending_ = false;
  bool output_ended_ = false;
  bool lost_ = false;
  int calls_left_ = 0;
};

}  // namespace example

#endif  // EXAMPLES_HTTP_EDGE_SOCKET_HPP
