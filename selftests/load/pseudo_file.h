// SPDX-License-Identifier: GPL-2.0-only
#ifndef XPOLL_SELFTESTS_LOAD_PSEUDO_FILE_H
#define XPOLL_SELFTESTS_LOAD_PSEUDO_FILE_H

#include <fcntl.h>

#include <string>
#include <string_view>

namespace xpoll_test {

// Files of /proc and /sys, in which a value is one write, whose errno is the kernel's answer.

std::string readText(const std::string& path);
int writeText(const std::string& path, std::string_view text, int flags = O_TRUNC);
// For set-up: throws if the kernel refuses.
void mustWrite(const std::string& path, std::string_view text, int flags = O_TRUNC);

}  // namespace xpoll_test

#endif  // XPOLL_SELFTESTS_LOAD_PSEUDO_FILE_H
