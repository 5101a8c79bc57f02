// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <cerrno>
#include <string>
#include <string_view>
#include <system_error>
#include <xpoll/unique_fd.hpp>

namespace xpoll {

/// Returns the result of a system call that must not fail. Throws std::system_error with errno,
/// naming `what`, if it failed.
inline int checked(int result, std::string_view what) {
  if (result < 0) throw std::system_error(errno, std::generic_category(), std::string(what));
  return result;
}

/// checked() for a call that returns a new descriptor.
inline unique_fd checked_fd(int fd, std::string_view what) { return unique_fd(checked(fd, what)); }

}  // namespace xpoll
