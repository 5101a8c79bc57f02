// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <sys/types.h>

#include <functional>

#include "tools/util/checked.h"

namespace xpoll::test {

// A forked child. Its body returns a number, typically what the call under test returned, which
// travels back with errno. Expectations belong into the parent: a failed one in the child would go
// unnoticed.
class Process {
 public:
  explicit Process(const std::function<int()>& body);
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;
  // Kills and reaps a child that was not joined.
  ~Process();

  pid_t pid() const { return pid_; }
  void wait_until_asleep_in_wait() const;

  // The body's result, errno being set to the child's: EXPECT_THAT(p.join(),
  // SyscallFailsWithErrno(E)). Throws if the child died instead of returning.
  int join();

  // Waits for a child that is expected to die, and returns the signal that killed it (0: it
  // exited).
  int join_killed();

  // kill -9, then wait for it to be gone.
  void kill_and_reap();

 private:
  int reap();

  pid_t pid_ = -1;
  unique_fd result_;
};

// Gives up root for good in this process: user and group `id`, no supplementary groups, no
// capabilities.
void become_user(uid_t id);

}  // namespace xpoll::test
