// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <string_view>
#include <vector>

#include "tools/util/checked.h"

namespace bench {

enum class Kind { kEventfd, kUnix, kTcp };

const char* kind_name(Kind kind);

/// Descriptors to watch, all connected and not readable at first. Sockets come in pairs connected
/// to each other.
class WatchedSet {
 public:
  WatchedSet(Kind kind, int count);

  [[nodiscard]] int operator[](int index) const { return fds_[index].get(); }
  [[nodiscard]] Kind kind() const { return kind_; }
  [[nodiscard]] int size() const { return static_cast<int>(fds_.size()); }

  void make_readable(int index) const;
  /// Reads what make_readable() wrote.
  void take(int index) const;

  /// Passes the descriptors to the caller, who closes them. The set is empty afterwards.
  std::vector<int> release();

 private:
  const Kind kind_;
  std::vector<xpoll::unique_fd> fds_;
};

}  // namespace bench
