// SPDX-License-Identifier: GPL-2.0-only
// The steps that transfer data and descriptors.
#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "divergence.h"
#include "lockstep.h"
#include "util/fd_passing.h"

namespace xpoll::fuzz {
namespace {

using xpoll::test::recv_with_fd;
using xpoll::test::send_with_fd;

constexpr std::size_t kMostBytes = 64 * 1024;
constexpr std::uint64_t kFullEventfd = ~std::uint64_t{0} - 1;

std::array<char, kMostBytes>& buffer() {
  static std::array<char, kMostBytes> bytes;
  return bytes;
}

long write_once(int fd, Kind kind, std::size_t bytes) {
  const std::uint64_t count = bytes;
  if (kind == Kind::kEventfd) return ::write(fd, &count, sizeof(count));
  return ::write(fd, buffer().data(), bytes);
}

long read_once(int fd, Kind kind, std::size_t bytes) {
  const bool counter = kind == Kind::kEventfd || kind == Kind::kTimerfd;
  return ::read(fd, buffer().data(), counter ? sizeof(std::uint64_t) : bytes);
}

// Repeats the call until it would block. Returns the number of successes, or -1 if it failed
// otherwise.
template <typename Call>
long repeat(const Call& call) {
  for (long times = 0;; times++) {
    const long result = call();
    if (result == 0 || (result < 0 && errno == EAGAIN)) return times;
    if (result < 0) return -1;
  }
}

// The kind of a descriptor received from a socket.
Kind kind_of(int fd) {
  std::array<char, 64> text{};
  const std::string link = fmt::format("/proc/self/fd/{}", fd);
  checked(static_cast<int>(readlink(link.c_str(), text.data(), text.size() - 1)), "readlink");
  const std::string_view name(text.data());
  if (name.starts_with("pipe:")) return Kind::kPipe;
  if (name.starts_with("socket:")) {
    int listens = 0;
    socklen_t length = sizeof(listens);
    checked(getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listens, &length), "SO_ACCEPTCONN");
    // UNIX sockets are never passed, so this is TCP.
    return listens ? Kind::kListener : Kind::kTcp;
  }
  if (name == "anon_inode:[eventpoll]") return Kind::kInstance;
  if (name == "anon_inode:[eventfd]") return Kind::kEventfd;
  if (name == "anon_inode:[timerfd]") return Kind::kTimerfd;
  return Kind::kUnpollable;
}

}  // namespace

// Not for UNIX sockets: one that is queued in itself is freed by the kernel's garbage collector, at
// a time that can't be determined.
void Lockstep::pass(int socket, int slot) {
  if (!is_unix(slots_[socket]) || is_unix(slots_[slot]) || slots_[slot] == Kind::kNone ||
      slots_[slot] == Kind::kRing)
    return nothing_to_do("pass");
  both("pass",
       [&](World& world) -> long { return send_with_fd(world.fd(socket), world.fd(slot)); });
  passed_ = true;
  finish();
}

void Lockstep::receive(int socket, int slot) {
  if (!is_unix(slots_[socket])) return nothing_to_do("receive");
  bool came = false;
  both("receive", [&](World& world) -> long {
    unique_fd fd;
    const long bytes = recv_with_fd(world.fd(socket), fd);
    came = fd.valid();
    if (!came) return bytes;
    // Settle before the descriptor replaces what may be the last one of another file.
    settle_waits();
    world.place(slot, std::move(fd));
    return bytes;
  });
  if (came) slots_[slot] = kind_of(native_.fd(slot));
  if (came) stage_.outcomes.count("receive", "a descriptor");
  finish({.packets = true, .closes = true});
}

void Lockstep::write(int slot, int bytes) {
  const Kind kind = slots_[slot];
  both("write", [&](World& world) {
    return write_once(world.fd(slot), kind, static_cast<std::size_t>(bytes));
  });
  finish(effects_of_data(slot));
}

void Lockstep::read(int slot, int bytes) {
  const Kind kind = slots_[slot];
  both("read", [&](World& world) {
    return read_once(world.fd(slot), kind, static_cast<std::size_t>(bytes));
  });
  finish(effects_of_data(slot));
}

// Not for TCP: a full socket reports room only when acknowledgments arrive.
void Lockstep::fill(int slot) {
  const Kind kind = slots_[slot];
  if (kind == Kind::kUnixDatagram && blocked_waits() == 0)
    both("fill",
         [&](World& world) { return repeat([&] { return write_once(world.fd(slot), kind, 1); }); });
  else if (kind == Kind::kEventfd)
    both("fill", [&](World& world) {
      return ::write(world.fd(slot), &kFullEventfd, sizeof(kFullEventfd));
    });
  else if (kind == Kind::kPipe || kind == Kind::kUnixStream)
    both("fill", [&](World& world) { return write_once(world.fd(slot), kind, kMostBytes); });
  else
    return nothing_to_do("fill");
  finish();
}

void Lockstep::drain(int slot) {
  const Kind kind = slots_[slot];
  if (kind == Kind::kUnixDatagram) {
    // A blocked wait would have to run between the messages.
    if (blocked_waits() != 0) return nothing_to_do("drain");
    both("drain", [&](World& world) {
      return repeat([&] { return read_once(world.fd(slot), kind, kMostBytes); });
    });
  } else {
    both("drain", [&](World& world) { return read_once(world.fd(slot), kind, kMostBytes); });
  }
  finish(effects_of_data(slot));
}

void Lockstep::shutdown(int slot, int how) {
  both("shutdown", [&](World& world) { return ::shutdown(world.fd(slot), how); });
  finish({.packets = true});
}

// The close of the last copy sends a RST.
void Lockstep::reset(int slot) {
  if (slots_[slot] != Kind::kTcp) return nothing_to_do("reset");
  both("reset", [&](World& world) -> long {
    const linger abort{.l_onoff = 1, .l_linger = 0};
    checked(setsockopt(world.fd(slot), SOL_SOCKET, SO_LINGER, &abort, sizeof(abort)), "SO_LINGER");
    return ::close(world.fd(slot));
  });
  slots_[slot] = Kind::kNone;
  finish({.packets = true, .closes = true});
}

void Lockstep::send_out_of_band(int slot) {
  if (slots_[slot] != Kind::kTcp) return nothing_to_do("send_out_of_band");
  both("send_out_of_band", [&](World& world) { return send(world.fd(slot), "!", 1, MSG_OOB); });
  finish({.packets = true});
}

void Lockstep::expire(int slot) {
  const bool armed = both("expire", [&](World& world) {
    itimerspec soon{};
    soon.it_value.tv_nsec = 1;
    return timerfd_settime(world.fd(slot), 0, &soon, nullptr);
  });
  if (armed)
    for (const World* world : {&native_, &xpoll_}) {
      pollfd timer{.fd = world->fd(slot), .events = POLLIN, .revents = 0};
      if (checked(::poll(&timer, 1, 60'000), "poll") == 0)
        throw Divergence("did not settle: a timer");
    }
  finish();
}

}  // namespace xpoll::fuzz
