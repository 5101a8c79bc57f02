// SPDX-License-Identifier: GPL-2.0-only
#ifndef XPOLL_UTIL_CHECKED_H
#define XPOLL_UTIL_CHECKED_H

#include <cerrno>
#include <string>
#include <string_view>
#include <system_error>

namespace xpoll {

/// The result of a system call that must not fail.
inline int checked(int result, std::string_view what) {
  if (result < 0) throw std::system_error(errno, std::generic_category(), std::string(what));
  return result;
}

}  // namespace xpoll

#endif  // XPOLL_UTIL_CHECKED_H
