// SPDX-License-Identifier: MIT
#ifndef EXAMPLES_UNIQUE_FD_HPP
#define EXAMPLES_UNIQUE_FD_HPP

#include <unistd.h>

#include <utility>

namespace example {

/// Owns a descriptor.
class unique_fd final {
 public:
  unique_fd() = default;
  explicit unique_fd(int fd) noexcept : fd_(fd) {}
  unique_fd(unique_fd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  unique_fd& operator=(unique_fd&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~unique_fd() {
    if (fd_ >= 0) ::close(fd_);
  }

  [[nodiscard]] int get() const noexcept { return fd_; }

 private:
  int fd_ = -1;
};

}  // namespace example

#endif  // EXAMPLES_UNIQUE_FD_HPP
