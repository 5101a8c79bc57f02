// SPDX-License-Identifier: GPL-2.0-only
#include "channel.h"

#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

namespace xpoll::vm {

Channel::Channel(Sink sink) : sink_{std::move(sink)} {
  std::array<int, 2> ends{};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) < 0) {
    throw std::system_error(errno, std::generic_category(), "socketpair");
  }
  host_ = unique_fd{ends[0]};
  guest_ = unique_fd{ends[1]};
}

bool Channel::receive() {
  std::array<char, 65536> chunk;
  const ssize_t got = ::recv(host_.get(), chunk.data(), chunk.size(), 0);
  if (got < 0 && errno == EINTR) return true;
  // QEMU may end with unread bytes, which resets the connection.
  if (got < 0 && errno != ECONNRESET) {
    throw std::system_error(errno, std::generic_category(), "recv");
  }
  if (got <= 0) return false;
  sink_({chunk.data(), static_cast<size_t>(got)});
  return true;
}

void Channel::drain() {
  while (receive()) {
  }
}

Channel::Sink by_line(std::function<void(std::string_view)> take) {
  return [take = std::move(take), partial = std::string{}](std::string_view bytes) mutable {
    for (const char c : bytes) {
      if (c == '\n') {
        take(std::exchange(partial, {}));
      } else if (c != '\r') {
        partial += c;
      }
    }
  };
}

}  // namespace xpoll::vm
