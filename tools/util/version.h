// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <string>

namespace xpoll {

/** What the build read in the file VERSION. */
extern const char* const version;

/** What "PROGRAM --version" prints. */
std::string version_line(const std::string& program);

}  // namespace xpoll
