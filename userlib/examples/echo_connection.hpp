// SPDX-License-Identifier: MIT
#ifndef EXAMPLES_ECHO_CONNECTION_HPP
#define EXAMPLES_ECHO_CONNECTION_HPP

#include <array>
#include <cstddef>
#include <span>
#include <xpoll/events.hpp>
#include <xpoll/unique_fd.hpp>

#include "echo_counters.hpp"

namespace example {

/// How a socket is watched.
enum class trigger {
  level,  ///< reported as long as it is ready: one read an event will do, and is fair to others
  edge,   ///< reported when it becomes ready: to be used until it would block
};

/// A peer whose bytes go back to it. Reads only when everything read before is written, so that a
/// peer that sends without receiving fills its own connection and not our memory.
class echo_connection final {
 public:
  echo_connection(xpoll::unique_fd socket, trigger mode)
      : socket_(std::move(socket)), mode_(mode) {}

  [[nodiscard]] int fd() const { return socket_.get(); }

  /// What to wait for next.
  [[nodiscard]] xpoll::events interest() const;

  enum class state { open, finished, failed };

  /// Reads and writes what the socket lets it.
  state advance(xpoll::events happened, echo_counters& counters);

 private:
  enum class step { done, would_block, end, error };

  step read_some(echo_counters& counters);
  step write_pending(echo_counters& counters);

  xpoll::unique_fd socket_;
  trigger mode_;
  bool readable_ = false;
  bool ending_ = false;
  std::array<std::byte, 16384> buffer_;
  std::span<const std::byte> pending_;
};

}  // namespace example

#endif  // EXAMPLES_ECHO_CONNECTION_HPP
