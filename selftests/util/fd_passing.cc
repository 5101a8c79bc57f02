// SPDX-License-Identifier: GPL-2.0-only
#include "fd_passing.h"

#include <sys/socket.h>

#include <array>
#include <cstring>
#include <stdexcept>

namespace xpoll::test {
namespace {

// A message with one data byte and room for one descriptor.
struct Message {
  Message() {
    header.msg_iov = &part;
    header.msg_iovlen = 1;
    header.msg_control = control.data();
    header.msg_controllen = control.size();
  }
  Message(const Message&) = delete;
  Message& operator=(const Message&) = delete;

  char byte = 'x';
  iovec part{.iov_base = &byte, .iov_len = sizeof(byte)};
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> control{};
  msghdr header{};
};

}  // namespace

long send_with_fd(int socket, int fd) {
  Message message;
  cmsghdr* control = CMSG_FIRSTHDR(&message.header);
  control->cmsg_level = SOL_SOCKET;
  control->cmsg_type = SCM_RIGHTS;
  control->cmsg_len = CMSG_LEN(sizeof(fd));
  std::memcpy(CMSG_DATA(control), &fd, sizeof(fd));
  return sendmsg(socket, &message.header, MSG_NOSIGNAL);
}

long recv_with_fd(int socket, unique_fd& fd) {
  Message message;
  const long bytes = recvmsg(socket, &message.header, MSG_CMSG_CLOEXEC);
  if (bytes < 0) return bytes;
  const cmsghdr* control = CMSG_FIRSTHDR(&message.header);
  if (!control || control->cmsg_type != SCM_RIGHTS) return bytes;
  int number = -1;
  std::memcpy(&number, CMSG_DATA(control), sizeof(number));
  fd.reset(number);
  return bytes;
}

void send_fd(const unique_fd& socket, int fd) {
  checked(static_cast<int>(send_with_fd(socket.get(), fd)), "sendmsg");
}

unique_fd recv_fd(const unique_fd& socket) {
  unique_fd fd;
  checked(static_cast<int>(recv_with_fd(socket.get(), fd)), "recvmsg");
  if (!fd.valid()) throw std::runtime_error("no descriptor in the message");
  return fd;
}

}  // namespace xpoll::test
