// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <csignal>

namespace xpoll::test {

// Of this thread.
inline sigset_t blocked_signals() {
  sigset_t mask{};
  pthread_sigmask(SIG_BLOCK, nullptr, &mask);
  return mask;
}

inline bool is_blocked(int signal) {
  const sigset_t mask = blocked_signals();
  return sigismember(&mask, signal) == 1;
}

}  // namespace xpoll::test
