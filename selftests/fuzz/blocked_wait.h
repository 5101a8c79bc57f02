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

// What a wait returned.
struct WaitResult {
  int value = 0;
  int error = 0;
  std::vector<epoll_event> events;
};

// A thread that waits on an instance when told to, without limit. It runs when idle, so that a call
// that wakes it several times is over before it looks.
class BlockedWait {
 public:
  explicit BlockedWait(const IdleTurn& idle);
  BlockedWait(const BlockedWait&) = delete;
  BlockedWait& operator=(const BlockedWait&) = delete;
  ~BlockedWait();

  // Returns when the thread sleeps in the wait, or the wait is over.
  void start(xpoll::Backend backend, int epfd, int maxevents);
  bool busy() const { return state_ != State::kIdle; }
  bool returned() const { return state_ == State::kReturned; }
  // Until it sleeps again or has returned. Nothing that wakes it may be going on.
  void settle() const;
  // Ends the wait by a signal, and settles.
  void interrupt();
  // After the wait returned: what it did.
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
