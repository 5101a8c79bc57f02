// SPDX-License-Identifier: GPL-2.0-only
#ifndef XPOLL_SELFTESTS_UTIL_FD_H
#define XPOLL_SELFTESTS_UTIL_FD_H

#include <unistd.h>

#include <cerrno>
#include <string_view>
#include <system_error>
#include <utility>

namespace xpoll_test {

// Owns one file descriptor.
class Fd {
 public:
  Fd() = default;
  explicit Fd(int fd) : fd_(fd) {}
  Fd(Fd&& other) noexcept : fd_(other.release()) {}
  Fd& operator=(Fd&& other) noexcept {
    reset(other.release());
    return *this;
  }
  Fd(const Fd&) = delete;
  Fd& operator=(const Fd&) = delete;
  ~Fd() { reset(); }

  int get() const { return fd_; }
  bool valid() const { return fd_ >= 0; }
  int release() { return std::exchange(fd_, -1); }

  void reset(int fd = -1) {
    if (valid()) ::close(fd_);
    fd_ = fd;
  }

  // What close(2) returned; the descriptor is given up either way.
  int close() { return ::close(release()); }

  inline Fd dup() const;

 private:
  int fd_ = -1;
};

// Set-up steps throw, which fails the test with their name; calls under test return their status.
inline int checked(int result, std::string_view what) {
  if (result < 0) throw std::system_error(errno, std::generic_category(), std::string(what));
  return result;
}

inline Fd checkedFd(int fd, std::string_view what) { return Fd(checked(fd, what)); }

inline Fd Fd::dup() const { return checkedFd(::dup(fd_), "dup"); }

}  // namespace xpoll_test

#endif  // XPOLL_SELFTESTS_UTIL_FD_H
