// SPDX-License-Identifier: GPL-2.0-only
#include "descendants.h"

#include <sys/prctl.h>
#include <sys/types.h>
#include <sys/wait.h>

#include <cerrno>
#include <csignal>
#include <fstream>
#include <stdexcept>
#include <system_error>

#include "tools/util/checked.h"

namespace probes::compare {
namespace {

using xpoll::checked;

void kill_children() {
  std::ifstream children("/proc/thread-self/children");
  if (!children)
    throw std::runtime_error("no /proc/thread-self/children (a kernel without PROC_CHILDREN?)");
  for (pid_t child = 0; children >> child;) checked(kill(child, SIGKILL), "kill");
}

}  // namespace

void adopt_descendants() { checked(prctl(PR_SET_CHILD_SUBREAPER, 1), "PR_SET_CHILD_SUBREAPER"); }

std::uint64_t end_descendants() {
  std::uint64_t killed = 0;
  while (true) {
    kill_children();
    int status = 0;
    // Reaping a child makes its own children ours, so look again.
    if (waitpid(-1, &status, 0) < 0) {
      if (errno == ECHILD) return killed;
      if (errno != EINTR) throw std::system_error(errno, std::generic_category(), "waitpid");
    } else if (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) {
      ++killed;
    }
  }
}

}  // namespace probes::compare
