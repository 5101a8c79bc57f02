// SPDX-License-Identifier: GPL-2.0-only
#include "output_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <array>

#include "checked.h"

namespace xpoll {

OutputFile::OutputFile()
    : file_{checked_fd(::memfd_create("output", MFD_CLOEXEC), "memfd_create")} {
  checked(::fcntl(fd(), F_SETFL, O_APPEND), "O_APPEND");
}

std::string OutputFile::text() const {
  std::string text;
  std::array<char, 16384> chunk{};
  for (;;) {
    // pread() leaves the file offset alone, which the programs share.
    const ssize_t got = ::pread(fd(), chunk.data(), chunk.size(), static_cast<off_t>(text.size()));
    if (checked(static_cast<int>(got), "pread") == 0) return text;
    text.append(chunk.data(), static_cast<size_t>(got));
  }
}

}  // namespace xpoll
