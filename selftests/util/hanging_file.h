// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <atomic>

#include "shared.h"
#include "tools/util/checked.h"

namespace xpoll::test {

// A file of a FUSE file system of the calling process, which enters namespaces to mount it. After
// hang() the file's ->poll() waits, until go_on(). A child serves the file. It is killed when the
// thread that constructed this ends, which ends the waits, so this thread must not poll the file
// meanwhile.
class HangingFile {
 public:
  // Whether there is /dev/fuse. Root may load the kernel's module for that.
  static bool available();

  // The process has one thread. Throws if the kernel does not allow its user to mount.
  HangingFile();

  int get() const { return file_.get(); }
  void hang() const;
  // Returns when a task waits.
  void wait_until_hung() const;
  // Ends all waiting calls of ->poll(). Later ones return at once.
  void go_on() const;

 private:
  Shared<std::atomic<bool>> hangs_;
  unique_fd hung_;
  unique_fd go_on_;
  unique_fd file_;
};

}  // namespace xpoll::test
