// SPDX-License-Identifier: MIT
#ifndef EXAMPLES_ECHO_SESSION_HPP
#define EXAMPLES_ECHO_SESSION_HPP

#include <cstddef>
#include <cstdint>
#include <random>
#include <vector>
#include <xpoll/events.hpp>
#include <xpoll/unique_fd.hpp>

namespace example {

/// What every connection of a client is to do.
struct echo_plan {
  std::uint64_t messages = 1;
  std::size_t size = 1;
};

/// One connection of the client: sends pseudo-random messages of its own, one at a time, and
/// compares every byte that comes back.
class echo_session final {
 public:
  /// id makes the payload differ from any other connection's.
  echo_session(xpoll::unique_fd connecting, std::uint32_t id, const echo_plan& plan);

  [[nodiscard]] int fd() const { return socket_.get(); }
  [[nodiscard]] xpoll::events interest() const;
  [[nodiscard]] bool finished() const { return done_ == plan_.messages; }

  /// Whether the server has answered: until then, whoever accepted may be a mere forwarder.
  [[nodiscard]] bool answered() const { return answered_; }

  /// Sends and receives what the socket lets it. Throws std::system_error if the connection fails
  /// or ends, std::runtime_error if a byte is wrong or one too many.
  void advance(xpoll::events happened);

 private:
  void next_message();
  void send_rest();
  void receive_some();
  void compare(std::size_t length);

  xpoll::unique_fd socket_;
  std::uint32_t id_;
  echo_plan plan_;
  std::minstd_rand random_;
  std::vector<std::uint8_t> message_;
  std::vector<std::uint8_t> reply_;
  std::size_t sent_ = 0;
  std::size_t received_ = 0;
  std::uint64_t done_ = 0;
  bool connected_ = false;
  bool answered_ = false;
};

}  // namespace example

#endif  // EXAMPLES_ECHO_SESSION_HPP
