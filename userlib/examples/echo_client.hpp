// SPDX-License-Identifier: MIT
#ifndef EXAMPLES_ECHO_CLIENT_HPP
#define EXAMPLES_ECHO_CLIENT_HPP

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>
#include <xpoll/poller.hpp>

#include "echo_session.hpp"

namespace example {

/// Checks an echo server over many connections at once, in one thread.
class echo_client final {
 public:
  using time_point = std::chrono::steady_clock::time_point;

  echo_client(xpoll::poller poller, std::string host, std::uint16_t port, const echo_plan& plan);

  /// Opens connections, and closes none before all of them have done the plan. No more than opening
  /// wait for their first answer at one time. The first is tried again until the server itself
  /// answers: a forwarder in between accepts before there is one. Throws if a connection fails
  /// later, if a byte is wrong, or when deadline has come.
  void run(std::uint32_t connections, std::uint32_t opening, time_point deadline);

  /// How often the first connection had to be tried again.
  [[nodiscard]] std::uint64_t retries() const { return retries_; }

 private:
  void open_session();
  void find_server(time_point deadline);
  bool try_first_session(time_point deadline);
  void advance_ready(time_point deadline);
  void advance(std::uint32_t id, xpoll::events happened);

  xpoll::poller poller_;
  std::string host_;
  std::uint16_t port_;
  echo_plan plan_;
  std::vector<echo_session> sessions_;
  std::uint32_t answered_ = 0;
  std::uint32_t finished_ = 0;
  std::uint64_t retries_ = 0;
};

}  // namespace example

#endif  // EXAMPLES_ECHO_CLIENT_HPP
