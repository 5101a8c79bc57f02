// SPDX-License-Identifier: MIT
// A file descriptor with one owner.
#ifndef XPOLL_UNIQUE_FD_HPP
#define XPOLL_UNIQUE_FD_HPP

#include <unistd.h>

#include <utility>
#include <xpoll/cxx20.hpp>

namespace xpoll {

/// Owns one file descriptor or none. Only one thread at a time may use the object; any number may
/// use the descriptor.
class [[nodiscard]] unique_fd final {
 public:
  unique_fd() = default;
  /// Takes ownership of the descriptor; a negative number means none.
  explicit unique_fd(int fd) noexcept : fd_(fd) {}
  unique_fd(unique_fd&& other) noexcept : fd_(other.release()) {}
  unique_fd& operator=(unique_fd&& other) noexcept {
    reset(other.release());
    return *this;
  }
  ~unique_fd() { reset(); }

  /// The descriptor, which the object still owns; negative if there is none.
  [[nodiscard]] int get() const noexcept { return fd_; }
  [[nodiscard]] bool valid() const noexcept { return fd_ >= 0; }

  /// Gives ownership of the descriptor to the caller.
  [[nodiscard]] int release() noexcept { return std::exchange(fd_, -1); }

  /// Closes the descriptor and takes another one over.
  void reset(int fd = -1) noexcept {
    if (valid()) ::close(fd_);
    fd_ = fd;
  }

  /// Closes the descriptor and returns what close(2) returned, with its errno; the object owns
  /// nothing afterwards either way. EBADF if it owned nothing.
  int close() noexcept { return ::close(release()); }

 private:
  int fd_ = -1;
};

}  // namespace xpoll

#endif  // XPOLL_UNIQUE_FD_HPP
