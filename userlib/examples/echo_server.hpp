// SPDX-License-Identifier: MIT
#ifndef EXAMPLES_ECHO_SERVER_HPP
#define EXAMPLES_ECHO_SERVER_HPP

#include <cstdint>
#include <limits>
#include <memory>
#include <unordered_map>
#include <xpoll/poller.hpp>
#include <xpoll/unique_fd.hpp>

#include "echo_connection.hpp"
#include "echo_counters.hpp"

namespace example {

/// Sends back what it gets, on any number of connections, in one thread.
class echo_server final {
 public:
  static constexpr auto unlimited = std::numeric_limits<std::uint64_t>::max();

  /// Serves the connections that arrive at listener, until stop becomes readable.
  echo_server(xpoll::poller poller, xpoll::unique_fd listener, xpoll::unique_fd stop, trigger mode);

  /// Returns when that many connections have been opened and closed, or when told to stop.
  void run(std::uint64_t connections = unlimited);

  [[nodiscard]] const echo_counters& counters() const { return counters_; }

 private:
  void handle(int fd, xpoll::events happened);
  void accept_all();
  void open_connection(xpoll::unique_fd socket);
  void advance(int fd, xpoll::events happened);
  void close_connection(int fd);

  xpoll::poller poller_;
  xpoll::unique_fd listener_;
  xpoll::unique_fd stop_;
  trigger mode_;
  bool stopping_ = false;
  std::unordered_map<int, std::unique_ptr<echo_connection>> connections_;
  echo_counters counters_;
};

}  // namespace example

#endif  // EXAMPLES_ECHO_SERVER_HPP
