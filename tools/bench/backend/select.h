// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <sys/select.h>

#include <algorithm>
#include <bit>
#include <cstdint>
#include <vector>

namespace bench {

/// select(2) for readability. The C library's fd_set ends at descriptor 1023. The kernel accepts
/// bitmaps of any size, so this class uses its own.
class Select {
 public:
  static constexpr const char* kName = "select";

  int add(int fd, std::uint32_t /*events*/) {
    const auto word = static_cast<std::size_t>(fd) / kBits;
    watched_.resize(std::max(watched_.size(), word + 1));
    watched_[word] |= std::uint64_t{1} << (fd % kBits);
    limit_ = std::max(limit_, fd + 1);
    return 0;
  }

  int wait(int timeout_ms) {
    readable_ = watched_;
    timeval timeout{.tv_sec = timeout_ms / 1000, .tv_usec = timeout_ms % 1000 * 1000};
    const int count = ::select(limit_, reinterpret_cast<fd_set*>(readable_.data()), nullptr,
                               nullptr, timeout_ms < 0 ? nullptr : &timeout);
    collect(count);
    return count;
  }
  [[nodiscard]] int ready_fd(int index) const { return ready_[index]; }

 private:
  static constexpr int kBits = 64;

  void collect(int count) {
    ready_.clear();
    for (std::size_t word = 0; static_cast<int>(ready_.size()) < count; ++word) {
      for (std::uint64_t bits = readable_[word]; bits != 0; bits &= bits - 1) {
        ready_.push_back(static_cast<int>(word) * kBits + std::countr_zero(bits));
      }
    }
  }

  std::vector<std::uint64_t> watched_;
  std::vector<std::uint64_t> readable_;
  std::vector<int> ready_;
  int limit_ = 0;
};

}  // namespace bench
