// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <xpoll/unique_fd.hpp>

namespace probes {

/// SIGINT and SIGTERM as a descriptor, so that Ctrl-C ends a poll(2) loop at a safe point. Create
/// it before any thread.
class Termination final {
 public:
  Termination();

  /// Readable once one of them arrived.
  [[nodiscard]] int fd() const { return fd_.get(); }

 private:
  xpoll::unique_fd fd_;
};

}  // namespace probes
