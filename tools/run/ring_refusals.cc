// SPDX-License-Identifier: GPL-2.0-only
#include "ring_refusals.h"

#include <sys/socket.h>
#include <sys/un.h>

#include <climits>
#include <cstddef>

#include "tools/util/checked.h"

namespace run {

using xpoll::checked;

RingRefusals::RingRefusals()
    : listener_(checked(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), "socket")) {
  // Binding with only the family makes the kernel choose an abstract name.
  const sa_family_t family = AF_UNIX;
  checked(bind(listener_.get(), reinterpret_cast<const sockaddr*>(&family), sizeof(family)),
          "bind");
  checked(listen(listener_.get(), INT_MAX), "listen");
}

std::string RingRefusals::name() const {
  sockaddr_un address{};
  socklen_t length = sizeof(address);
  checked(getsockname(listener_.get(), reinterpret_cast<sockaddr*>(&address), &length),
          "getsockname");
  // The name follows the zero byte that marks it as abstract.
  return {address.sun_path + 1, length - offsetof(sockaddr_un, sun_path) - 1};
}

unsigned RingRefusals::take() const {
  unsigned count = 0;
  while (xpoll::unique_fd(accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC)).valid())
    ++count;
  return count;
}

}  // namespace run
