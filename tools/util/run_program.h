// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <fmt/format.h>

#include <cstdio>
#include <exception>
#include <functional>

namespace xpoll {

/** What a program's main() returns: the body's exit status, or `failed` after a message of what the
 * body has thrown. */
inline int run_program(const char* name, int failed, const std::function<int()>& body) {
  try {
    return body();
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}: {}\n", name, error.what());
    return failed;
  }
}

}  // namespace xpoll
