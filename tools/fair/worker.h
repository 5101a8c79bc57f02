// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <chrono>
#include <cstdint>
#include <xpoll/xpoll.hpp>

#include "server.h"

namespace fair {

/// One worker's loop: it accepts connections, one with each event, and answers their requests.
class Worker final {
 public:
  Worker(int number, Shop& shop, xpoll::poller& instance, int listener)
      : number_(number), shop_(shop), instance_(instance), listener_(listener) {}

  /// Until the shop is closed.
  void run();

 private:
  void handle(int fd);
  void accept_ready();
  /// Whether there was one.
  bool accept_one();
  void answer(int fd);
  void end_connection(int fd);
  void rearm(int fd);
  void hang();
  [[nodiscard]] bool has_heartbeats() const;
  void publish();
  [[nodiscard]] bool shares_instance() const {
    return shop_.arrangement.sharing == Sharing::shared;
  }

  int number_;
  Shop& shop_;
  xpoll::poller& instance_;
  int listener_;
  /// Its open connections; with a shared instance, all that it accepted.
  std::uint64_t load_ = 0;
  bool open_for_work_ = true;
};

}  // namespace fair
