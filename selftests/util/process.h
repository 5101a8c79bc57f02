// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <sys/types.h>

#include <functional>
#include <string>

#include "tools/util/checked.h"

namespace xpoll::test {

// A forked child. Its body returns a number, typically the result of the call under test, which is
// passed to the parent with errno. Put expectations into the parent, because a failed one in the
// child would be lost.
class Process {
 public:
  explicit Process(const std::function<int()>& body);
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;
  // Kills and reaps a child that was not joined.
  ~Process();

  pid_t pid() const { return pid_; }
  void wait_until_asleep_in_wait() const;
  // Waits until the child executes the program of this name.
  void wait_until_executed(const std::string& name) const;

  // Returns the body's result and sets errno to the child's: EXPECT_THAT(p.join(),
  // SyscallFailsWithErrno(E)). Throws if the child died instead of returning.
  int join();

  // Waits for a child that must die. Returns the signal that killed it, or 0 if it exited.
  int join_killed();

  // Sends SIGKILL and waits for the child's end.
  void kill_and_reap();

 private:
  int reap();

  pid_t pid_ = -1;
  unique_fd result_;
};

// Permanently gives up root in this process: sets user and group to `id`, and drops supplementary
// groups and capabilities.
void become_user(uid_t id);

// A user who has no privilege and owns nothing.
constexpr uid_t kUnprivileged = 54321;

}  // namespace xpoll::test
