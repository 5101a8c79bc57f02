// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <ctime>

namespace xpoll::ioctlfuzz {

// Sends SIGUSR1 to this thread periodically, for waits that nothing else ends.
class Ticker {
 public:
  Ticker();
  Ticker(const Ticker&) = delete;
  Ticker& operator=(const Ticker&) = delete;
  ~Ticker();

 private:
  timer_t timer_{};
};

}  // namespace xpoll::ioctlfuzz
