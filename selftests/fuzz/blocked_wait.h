// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <sys/epoll.h>

#include <atomic>
#include <string_view>
#include <vector>

#include "rest.h"
#include "tools/util/backend.h"
#include "util/thread.h"

namespace xpoll::fuzz {

// The result of a wait.
struct WaitResult {
  int value = 0;
  int error = 0;
  std::vector<epoll_event> events;
};

// A thread that waits on an instance on request, without timeout. It has idle priority, so a call
// that wakes it several times completes before it runs.
class BlockedWait {
 public:
  explicit BlockedWait(const IdleTurn& idle);
  BlockedWait(const BlockedWait&) = delete;
  BlockedWait& operator=(const BlockedWait&) = delete;
  ~BlockedWait();

  // Returns when the thread sleeps in the wait, or the wait has returned.
  void start(xpoll::Backend backend, int epfd, int maxevents);
  bool busy() const { return state_ != State::kIdle; }
  bool returned() const { return state_ == State::kReturned; }
  // Waits until it sleeps again or has returned. Nothing may be waking it meanwhile.
  void settle() const;
  // Ends the wait with a signal, and settles.
  void interrupt();
  // The result, after the wait has returned.
  WaitResult collect();

 private:
  enum class State { kIdle, kAsked, kWaiting, kReturned, kQuit };

  void work();
  bool asleep() const;
  void move_to(State state);

  const IdleTurn& idle_;
  xpoll::Backend backend_ = xpoll::Backend::native();
  int epfd_ = -1;
  std::vector<epoll_event> events_;
  int value_ = 0;
  int error_ = 0;
  std::atomic<State> state_{State::kIdle};
  xpoll::test::Thread thread_;
  xpoll::unique_fd status_;
};

}  // namespace xpoll::fuzz
