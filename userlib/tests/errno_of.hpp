// SPDX-License-Identifier: MIT
// The errno that a call throws.
#ifndef XPOLL_TESTS_ERRNO_OF_HPP
#define XPOLL_TESTS_ERRNO_OF_HPP

#include <system_error>

/// 0 if the call throws nothing.
template <class Call>
int errno_of(Call call) {
  try {
    call();
  } catch (const std::system_error& error) {
    return error.code().value();
  }
  return 0;
}

#endif  // XPOLL_TESTS_ERRNO_OF_HPP
