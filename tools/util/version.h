// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <string>

namespace xpoll {

/** The version in the file VERSION. */
extern const char* const version;

/** The output of "PROGRAM --version". */
std::string version_line(const std::string& program);

}  // namespace xpoll
