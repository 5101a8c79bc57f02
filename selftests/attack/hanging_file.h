// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <atomic>

#include "attack/board.h"
#include "tools/util/checked.h"

namespace xpoll::attack {

// A file of a FUSE file system of the calling process, which enters namespaces to mount it. While
// told to, the file's ->poll() waits. The server is a child, so that the end of the process ends
// that wait, too.
class HangingFile {
 public:
  // The process has one thread. Throws if the kernel has no FUSE or does not allow users to mount.
  HangingFile();

  int get() const { return file_.get(); }
  // From now on, each call of ->poll() waits.
  void hang() const;
  // Returns when a task waits.
  void wait_until_hung() const;
  // All calls of ->poll() return, and all later ones.
  void go_on() const;

 private:
  Shared<std::atomic<bool>> hangs_;
  unique_fd hung_;
  unique_fd go_on_;
  unique_fd file_;
};

}  // namespace xpoll::attack
