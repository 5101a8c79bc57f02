// SPDX-License-Identifier: MIT
#ifndef XPOLL_TESTS_HAS_MODULE_HPP
#define XPOLL_TESTS_HAS_MODULE_HPP

#include <unistd.h>

#include <cstdlib>

/// Whether tests can use xpoll. XPOLL_NEEDED is set in guests that have loaded the module: there a
/// test without it fails in place of being skipped.
inline bool has_module() {
  return access("/dev/xpoll", F_OK) == 0 || std::getenv("XPOLL_NEEDED") != nullptr;
}

#endif  // XPOLL_TESTS_HAS_MODULE_HPP
