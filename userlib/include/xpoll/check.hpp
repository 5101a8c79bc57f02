// SPDX-License-Identifier: MIT
// errno as an exception.
#ifndef XPOLL_CHECK_HPP
#define XPOLL_CHECK_HPP

#include <cerrno>
#include <system_error>
#include <xpoll/cxx20.hpp>

namespace xpoll::detail {

[[noreturn]] inline void fail(const char* call, int error = errno) {
  throw std::system_error(error, std::system_category(), call);
}

/// What a call returned, unless it failed.
inline int check(int ret, const char* call) {
  if (ret < 0) fail(call);
  return ret;
}

}  // namespace xpoll::detail

#endif  // XPOLL_CHECK_HPP
