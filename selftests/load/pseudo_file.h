// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <fcntl.h>

#include <string>
#include <string_view>

namespace xpoll::test {

// Files of /proc and /sys. A value is written with one write(2), whose errno is the kernel's
// answer.

std::string read_text(const std::string& path);
int write_text(const std::string& path, std::string_view text, int flags = O_TRUNC);
// For set-up code: throws if the kernel refuses.
void must_write(const std::string& path, std::string_view text, int flags = O_TRUNC);

}  // namespace xpoll::test
