// SPDX-License-Identifier: GPL-2.0-only
#include "load/kernel_log.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>

namespace xpoll::test {

KernelLog::KernelLog()
    : log_(checked_fd(open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC), "/dev/kmsg")) {
  checked(static_cast<int>(lseek(log_.get(), 0, SEEK_END)), "seek in /dev/kmsg");
}

std::string KernelLog::news() const {
  std::string text;
  // Larger than any record, since each read returns one record.
  std::array<char, 8192> record{};
  ssize_t length = 0;
  while ((length = read(log_.get(), record.data(), record.size())) > 0)
    text.append(record.data(), static_cast<std::size_t>(length));
  checked(length < 0 && errno != EAGAIN ? -1 : 0, "read of /dev/kmsg");
  return text;
}

}  // namespace xpoll::test
