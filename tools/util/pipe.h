// SPDX-License-Identifier: GPL-2.0-only
#ifndef XPOLL_UTIL_PIPE_H
#define XPOLL_UTIL_PIPE_H

#include <fcntl.h>
#include <unistd.h>

#include <array>

#include "tools/util/checked.h"
#include "tools/util/unique_fd.h"

namespace xpoll {

/// A pipe that exec closes.
struct Pipe {
  Pipe() {
    std::array<int, 2> ends{};
    checked(pipe2(ends.data(), O_CLOEXEC), "pipe2");
    reader.reset(ends[0]);
    writer.reset(ends[1]);
  }

  UniqueFd reader;
  UniqueFd writer;
};

}  // namespace xpoll

#endif  // XPOLL_UTIL_PIPE_H
