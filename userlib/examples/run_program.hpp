// SPDX-License-Identifier: MIT
#ifndef EXAMPLES_RUN_PROGRAM_HPP
#define EXAMPLES_RUN_PROGRAM_HPP

#include <fmt/core.h>

#include <cstdlib>
#include <exception>
#include <functional>

namespace example {

/// Runs a program's body and returns its exit status. What it throws becomes a message.
inline int run_program(const char* name, const std::function<void()>& body) {
  try {
    body();
    return EXIT_SUCCESS;
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}: {}\n", name, error.what());
    return EXIT_FAILURE;
  }
}

}  // namespace example

#endif  // EXAMPLES_RUN_PROGRAM_HPP
