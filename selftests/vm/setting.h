// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <cstdlib>
#include <stdexcept>
#include <string>

/** The value that the Makefile passes in the environment. */
inline std::string setting(const char* name) {
  const char* value = std::getenv(name);
  if (value == nullptr) throw std::runtime_error(std::string{name} + " is not set");
  return value;
}
