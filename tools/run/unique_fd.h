// SPDX-License-Identifier: GPL-2.0-only
#ifndef XPOLL_RUN_UNIQUE_FD_H
#define XPOLL_RUN_UNIQUE_FD_H

#include <unistd.h>

#include <utility>

namespace run {

/// Owns a descriptor.
class UniqueFd final {
 public:
  UniqueFd() = default;
  explicit UniqueFd(int fd) noexcept : fd_(fd) {}
  UniqueFd(UniqueFd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  UniqueFd& operator=(UniqueFd&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~UniqueFd() { reset(); }

  [[nodiscard]] int get() const noexcept { return fd_; }
  [[nodiscard]] bool valid() const noexcept { return fd_ >= 0; }
  void reset() noexcept {
    if (valid()) ::close(std::exchange(fd_, -1));
  }

 private:
  int fd_ = -1;
};

}  // namespace run

#endif  // XPOLL_RUN_UNIQUE_FD_H
