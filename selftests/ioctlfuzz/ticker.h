// SPDX-License-Identifier: GPL-2.0-only
#ifndef XPOLL_SELFTESTS_IOCTLFUZZ_TICKER_H
#define XPOLL_SELFTESTS_IOCTLFUZZ_TICKER_H

#include <ctime>

namespace xpoll_ioctlfuzz {

// Sends SIGUSR1 to this thread every few milliseconds, for waits that nothing else ends.
class Ticker {
 public:
  Ticker();
  Ticker(const Ticker&) = delete;
  Ticker& operator=(const Ticker&) = delete;
  ~Ticker();

 private:
  timer_t timer_{};
};

}  // namespace xpoll_ioctlfuzz

#endif  // XPOLL_SELFTESTS_IOCTLFUZZ_TICKER_H
