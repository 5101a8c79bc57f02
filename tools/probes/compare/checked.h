// SPDX-License-Identifier: GPL-2.0-only
#ifndef XPOLL_PROBES_COMPARE_CHECKED_H
#define XPOLL_PROBES_COMPARE_CHECKED_H

#include <cerrno>
#include <string>
#include <system_error>

namespace probes::compare {

/// The result of a system call that must not fail.
inline int checked(int result, const std::string& what) {
  if (result < 0) throw std::system_error(errno, std::generic_category(), what);
  return result;
}

}  // namespace probes::compare

#endif  // XPOLL_PROBES_COMPARE_CHECKED_H
