// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include "tools/util/unique_fd.h"

namespace probes {

/// SIGINT and SIGTERM as a descriptor, so that Ctrl-C ends a loop of poll(2) where it is safe. To
/// be made before any thread.
class Termination final {
 public:
  Termination();

  /// Readable once one of them came.
  [[nodiscard]] int fd() const { return fd_.get(); }

 private:
  xpoll::UniqueFd fd_;
};

}  // namespace probes
