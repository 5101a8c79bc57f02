// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <xpoll/unique_fd.hpp>

namespace xpoll {

/** open(2) with O_CLOEXEC, mode 0644; throws std::system_error naming the path. */
unique_fd open_file(const std::filesystem::path& path, int flags);

std::string read_file(const std::filesystem::path& path);
/** The last complete line, or empty if there is none or the file does not exist. */
std::string last_line(const std::filesystem::path& path);
void write_file(const std::filesystem::path& path, std::string_view content);

}  // namespace xpoll
