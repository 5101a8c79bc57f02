// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <chrono>
#include <string_view>
#include <xpoll/unique_fd.hpp>

namespace xpoll::test {

// Ends this process by SIGABRT if a test does not end within the limit, after it has written the
// test's name, what every thread of every program does, and the list of all instances. Another
// process watches, because this one may be stuck in the kernel, and because tests count their
// threads and children.
class StallWatch {
 public:
  // Writes to the descriptor `out`. Create it while this process has one thread.
  StallWatch(std::chrono::milliseconds limit, int out);

  void begin(std::string_view test) const;
  void end() const { begin(""); }

 private:
  unique_fd tests_;
};

}  // namespace xpoll::test
