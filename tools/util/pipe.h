// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <xpoll/unique_fd.hpp>

#include "tools/util/checked.h"

namespace xpoll {

/// A pipe that exec closes.
struct Pipe {
  Pipe() {
    std::array<int, 2> ends{};
    checked(pipe2(ends.data(), O_CLOEXEC), "pipe2");
    reader.reset(ends[0]);
    writer.reset(ends[1]);
  }

  unique_fd reader;
  unique_fd writer;
};

}  // namespace xpoll
