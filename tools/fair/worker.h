// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <chrono>
#include <cstdint>
#include <xpoll/xpoll.hpp>

#include "server.h"

namespace fair {

/// One worker's loop. It accepts one connection per event (on a shared instance all pending ones)
/// and answers requests.
class Worker final {
 public:
  Worker(int number, Shared& state, xpoll::poller& instance, int listener)
      : number_(number), state_(state), instance_(instance), listener_(listener) {}

  /// Returns when Shared::stop is readable.
  void run();

 private:
  void handle(int fd);
  void accept_ready();
  /// Returns whether there was one.
  bool accept_one();
  void answer(int fd);
  void end_connection(int fd);
  void rearm(int fd);
  void hang();
  [[nodiscard]] bool has_heartbeats() const;
  void publish();
  [[nodiscard]] bool shares_instance() const {
    return state_.arrangement.sharing == Sharing::shared;
  }

  int number_;
  Shared& state_;
  xpoll::poller& instance_;
  int listener_;
  /// Its open connections. On a shared instance: all connections that it accepted.
  std::uint64_t load_ = 0;
  bool open_for_work_ = true;
};

}  // namespace fair
