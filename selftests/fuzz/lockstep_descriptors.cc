// SPDX-License-Identifier: GPL-2.0-only
// The steps that open, copy and close descriptors.
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "lockstep.h"
#include "tools/util/descriptors.h"
#include "tools/util/sockets.h"

namespace xpoll::fuzz {
namespace {

template <typename... Descriptors>
std::vector<unique_fd> list_of(Descriptors... descriptors) {
  std::vector<unique_fd> list;
  (list.push_back(std::move(descriptors)), ...);
  return list;
}

// Small buffers fill sooner.
void shrink_buffer(const unique_fd& socket) {
  const int smallest = 1;
  checked(setsockopt(socket.get(), SOL_SOCKET, SO_SNDBUF, &smallest, sizeof(smallest)),
          "SO_SNDBUF");
}

sockaddr_in address_of(int socket) {
  sockaddr_in address{};
  socklen_t length = sizeof(address);
  checked(getsockname(socket, reinterpret_cast<sockaddr*>(&address), &length), "getsockname");
  return address;
}

unique_fd connect_to(const sockaddr_in& address) {
  const int on = 1;
  unique_fd fd = checked_fd(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket");
  checked(::connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)),
          "connect");
  checked(fcntl(fd.get(), F_SETFL, O_NONBLOCK), "F_SETFL");
  checked(setsockopt(fd.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)), "TCP_NODELAY");
  return fd;
}

// False after a shutdown.
bool listens(int socket) {
  int listens = 0;
  socklen_t length = sizeof(listens);
  checked(getsockopt(socket, SOL_SOCKET, SO_ACCEPTCONN, &listens, &length), "SO_ACCEPTCONN");
  return listens != 0;
}

}  // namespace

void Lockstep::create(int slot, int flags) {
  const Effects effects = effects_of_close({slot});
  const bool made = both("create", [&](World& world) -> long {
    unique_fd fd(world.backend().create1(flags));
    if (!fd.valid()) return -1;
    world.place(slot, std::move(fd));
    return 0;
  });
  if (made) slots_[slot] = Kind::kInstance;
  finish(effects);
}

void Lockstep::tcp(int client, int server) {
  open("tcp", {{client, Kind::kTcp}, {server, Kind::kTcp}}, [&](World&) {
    xpoll::TcpPair pair = xpoll::tcp_pair();
    return list_of(std::move(pair.client), std::move(pair.server));
  });
}

void Lockstep::listener(int slot) {
  open("listener", {{slot, Kind::kListener}}, [&](World&) {
    const xpoll::TcpListener listener;
    return list_of(duplicate(listener.fd()));
  });
}

void Lockstep::connect(int listener, int slot) {
  if (slots_[listener] != Kind::kListener || !listens(native_.fd(listener)))
    return nothing_to_do("connect");
  open("connect", {{slot, Kind::kTcp}},
       [&](World& world) { return list_of(connect_to(address_of(world.fd(listener)))); });
}

void Lockstep::accept(int listener, int slot) {
  const Effects effects = effects_of_close({slot});
  const bool accepted = both("accept", [&](World& world) -> long {
    unique_fd fd(accept4(world.fd(listener), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
    if (!fd.valid()) return -1;
    world.place(slot, std::move(fd));
    return 0;
  });
  if (accepted) {
    slots_[slot] = Kind::kTcp;
    tcp_used_ = true;
  }
  finish(effects);
}

void Lockstep::unix_pair(int one, int other, int type) {
  const Kind kind = type == SOCK_STREAM ? Kind::kUnixStream : Kind::kUnixDatagram;
  open("unix_pair", {{one, kind}, {other, kind}}, [&](World&) {
    auto [first, second] = xpoll::unix_pair(type);
    shrink_buffer(first);
    shrink_buffer(second);
    return list_of(std::move(first), std::move(second));
  });
}

void Lockstep::pipe(int reader, int writer) {
  open("pipe", {{reader, Kind::kPipe}, {writer, Kind::kPipe}}, [&](World&) {
    xpoll::Pipe made = xpoll::make_pipe();
    checked(fcntl(made.writer.get(), F_SETPIPE_SZ, 1), "F_SETPIPE_SZ");
    return list_of(std::move(made.reader), std::move(made.writer));
  });
}

void Lockstep::eventfd(int slot, unsigned count, int flags) {
  open("eventfd", {{slot, Kind::kEventfd}}, [&](World&) {
    return list_of(checked_fd(::eventfd(count, EFD_CLOEXEC | EFD_NONBLOCK | flags), "eventfd"));
  });
}

void Lockstep::timerfd(int slot) {
  open("timerfd", {{slot, Kind::kTimerfd}}, [&](World&) { return list_of(xpoll::make_timerfd()); });
}

void Lockstep::memfd(int slot) {
  open("memfd", {{slot, Kind::kUnpollable}},
       [&](World&) { return list_of(checked_fd(memfd_create("fuzz", MFD_CLOEXEC), "memfd")); });
}

void Lockstep::dev_null(int slot) {
  open("dev_null", {{slot, Kind::kUnpollable}}, [&](World&) {
    return list_of(checked_fd(::open("/dev/null", O_RDWR | O_CLOEXEC), "/dev/null"));
  });
}

void Lockstep::dup(int from, int to) {
  if (slots_[from] == Kind::kRing) return nothing_to_do("dup");
  const Effects effects = effects_of_close({to});
  const bool copied = both("dup", [&](World& world) -> long { return world.duplicate(from, to); });
  if (copied) slots_[to] = slots_[from];
  finish(effects);
}

void Lockstep::close(int slot) {
  const Effects effects = effects_of_close({slot});
  both("close", [&](World& world) { return ::close(world.fd(slot)); });
  slots_[slot] = Kind::kNone;
  finish(effects);
}

void Lockstep::fork(int child) {
  children_[static_cast<std::size_t>(child)] = std::make_unique<Holder>();
  stage_.outcomes.count("fork", kDone);
  finish({.packets = true, .closes = true});
}

void Lockstep::close_in_child(int child, int slot) {
  Holder* holder = children_[static_cast<std::size_t>(child)].get();
  if (!holder) return nothing_to_do("close_in_child");
  holder->close(native_.fd(slot), xpoll_.fd(slot));
  stage_.outcomes.count("close_in_child", kDone);
  finish({.packets = true, .closes = true});
}

void Lockstep::exit_child(int child) {
  std::unique_ptr<Holder>& holder = children_[static_cast<std::size_t>(child)];
  if (!holder) return nothing_to_do("exit_child");
  // Two closes may wake a waiter twice. It must run in between, in both worlds.
  for (int slot = 0; slot < kSlots && blocked_waits() > 0; slot++) {
    holder->close(native_.fd(slot), xpoll_.fd(slot));
    settle_waits();
  }
  holder->exit();
  holder.reset();
  stage_.outcomes.count("exit_child", kDone);
  finish({.packets = true, .closes = true});
}

}  // namespace xpoll::fuzz
