// SPDX-License-Identifier: GPL-2.0-only
#include "watched_set.h"

#include <unistd.h>

#include "tools/util/descriptors.h"
#include "tools/util/eventfd.h"
#include "tools/util/sockets.h"

namespace bench {
namespace {

using xpoll::unique_fd;

// A client has 28,232 ports by default to connect to one listener. The kernel tries all 14,116
// ports of one parity first, so connecting becomes slow once most of them are in use.
constexpr int kConnectionsOfAListener = 7'000;

void add_eventfds(std::vector<unique_fd>& fds, int count) {
  while (static_cast<int>(fds.size()) < count) fds.push_back(xpoll::make_eventfd());
}

void add_unix_pairs(std::vector<unique_fd>& fds, int count) {
  while (static_cast<int>(fds.size()) < count) {
    auto [one, other] = xpoll::unix_pair();
    fds.push_back(std::move(one));
    fds.push_back(std::move(other));
  }
}

void add_tcp_pairs(std::vector<unique_fd>& fds, int count) {
  while (static_cast<int>(fds.size()) < count) {
    const xpoll::TcpListener listener;
    for (int connection = 0; connection < kConnectionsOfAListener; ++connection) {
      if (static_cast<int>(fds.size()) >= count) break;
      fds.push_back(listener.connect());
      fds.push_back(listener.accept());
    }
  }
}

}  // namespace

const char* kind_name(Kind kind) {
  switch (kind) {
    case Kind::kEventfd:
      return "eventfd";
    case Kind::kUnix:
      return "unix";
    case Kind::kTcp:
      return "tcp";
  }
  return "";
}

WatchedSet::WatchedSet(Kind kind, int count) : kind_{kind} {
  fds_.reserve(count + 1);
  switch (kind) {
    case Kind::kEventfd:
      add_eventfds(fds_, count);
      break;
    case Kind::kUnix:
      add_unix_pairs(fds_, count);
      break;
    case Kind::kTcp:
      add_tcp_pairs(fds_, count);
      break;
  }
}

std::vector<int> WatchedSet::release() {
  std::vector<int> released;
  released.reserve(fds_.size());
  for (unique_fd& fd : fds_) released.push_back(fd.release());
  fds_.clear();
  return released;
}

void WatchedSet::make_readable(int index) const {
  if (kind_ == Kind::kEventfd) {
    xpoll::post(fds_[index]);
  } else {
    xpoll::checked(static_cast<int>(write(fds_[index ^ 1].get(), "x", 1)), "write");
  }
}

void WatchedSet::take(int index) const {
  if (kind_ == Kind::kEventfd) {
    xpoll::take(fds_[index]);
  } else {
    char byte = 0;
    xpoll::checked(static_cast<int>(read(fds_[index].get(), &byte, 1)), "read");
  }
}

}  // namespace bench
