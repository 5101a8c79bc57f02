// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <poll.h>

#include <cerrno>
#include <cstdint>
#include <vector>

namespace bench {

/// poll(2). It keeps no state between calls: the program passes an array of all watched descriptors
/// and searches it for ready ones.
class Poll {
 public:
  static constexpr const char* kName = "poll";

  int add(int fd, std::uint32_t events) {
    watched_.push_back({.fd = fd, .events = static_cast<short>(events), .revents = 0});
    return 0;
  }

  int wait(int timeout_ms) {
    ready_.clear();
    const int count = ::poll(watched_.data(), watched_.size(), timeout_ms);
    for (auto entry = watched_.begin(); static_cast<int>(ready_.size()) < count; ++entry) {
      if (entry->revents != 0) ready_.push_back(entry->fd);
    }
    return count;
  }
  [[nodiscard]] int ready_fd(int index) const { return ready_[index]; }

 private:
  std::vector<pollfd> watched_;
  std::vector<int> ready_;
};

}  // namespace bench
