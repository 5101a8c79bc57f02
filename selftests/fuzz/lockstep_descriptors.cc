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
#include "util/descriptors.h"
#include "util/sockets.h"

namespace xpoll_fuzz {
namespace {

using xpoll_test::checked;
using xpoll_test::checkedFd;

template <typename... Descriptors>
std::vector<Fd> listOf(Descriptors... descriptors) {
  std::vector<Fd> list;
  (list.push_back(std::move(descriptors)), ...);
  return list;
}

// Small buffers are full sooner.
void shrinkBuffer(const Fd& socket) {
  const int smallest = 1;
  checked(setsockopt(socket.get(), SOL_SOCKET, SO_SNDBUF, &smallest, sizeof(smallest)),
          "SO_SNDBUF");
}

sockaddr_in addressOf(int socket) {
  sockaddr_in address{};
  socklen_t length = sizeof(address);
  checked(getsockname(socket, reinterpret_cast<sockaddr*>(&address), &length), "getsockname");
  return address;
}

Fd connectTo(const sockaddr_in& address) {
  const int on = 1;
  Fd fd = checkedFd(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket");
  checked(::connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)),
          "connect");
  checked(fcntl(fd.get(), F_SETFL, O_NONBLOCK), "F_SETFL");
  checked(setsockopt(fd.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)), "TCP_NODELAY");
  return fd;
}

// Not once it was shut down.
bool listens(int socket) {
  int listens = 0;
  socklen_t length = sizeof(listens);
  checked(getsockopt(socket, SOL_SOCKET, SO_ACCEPTCONN, &listens, &length), "SO_ACCEPTCONN");
  return listens != 0;
}

}  // namespace

void Lockstep::create(int slot, int flags) {
  const Effects effects = effectsOfClose({slot});
  const bool made = both("create", [&](World& world) -> long {
    Fd fd(world.backend().create1(flags));
    if (!fd.valid()) return -1;
    world.place(slot, std::move(fd));
    return 0;
  });
  if (made) slots_[slot] = Kind::kInstance;
  finish(effects);
}

void Lockstep::tcp(int client, int server) {
  open("tcp", {{client, Kind::kTcp}, {server, Kind::kTcp}}, [&](World&) {
    xpoll_test::TcpPair pair = xpoll_test::tcpPair();
    return listOf(std::move(pair.client), std::move(pair.server));
  });
}

void Lockstep::listener(int slot) {
  open("listener", {{slot, Kind::kListener}}, [&](World&) {
    const xpoll_test::TcpListener listener;
    return listOf(listener.fd().dup());
  });
}

void Lockstep::connect(int listener, int slot) {
  if (slots_[listener] != Kind::kListener || !listens(native_.fd(listener)))
    return nothingToDo("connect");
  open("connect", {{slot, Kind::kTcp}},
       [&](World& world) { return listOf(connectTo(addressOf(world.fd(listener)))); });
}

void Lockstep::accept(int listener, int slot) {
  const Effects effects = effectsOfClose({slot});
  const bool accepted = both("accept", [&](World& world) -> long {
    Fd fd(accept4(world.fd(listener), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
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

void Lockstep::unixPair(int one, int other, int type) {
  const Kind kind = type == SOCK_STREAM ? Kind::kUnixStream : Kind::kUnixDatagram;
  open("unixPair", {{one, kind}, {other, kind}}, [&](World&) {
    auto [first, second] = xpoll_test::unixPair(type);
    shrinkBuffer(first);
    shrinkBuffer(second);
    return listOf(std::move(first), std::move(second));
  });
}

void Lockstep::pipe(int reader, int writer) {
  open("pipe", {{reader, Kind::kPipe}, {writer, Kind::kPipe}}, [&](World&) {
    xpoll_test::Pipe made = xpoll_test::makePipe();
    checked(fcntl(made.writer.get(), F_SETPIPE_SZ, 1), "F_SETPIPE_SZ");
    return listOf(std::move(made.reader), std::move(made.writer));
  });
}

void Lockstep::eventfd(int slot, unsigned count, int flags) {
  open("eventfd", {{slot, Kind::kEventfd}}, [&](World&) {
    return listOf(checkedFd(::eventfd(count, EFD_CLOEXEC | EFD_NONBLOCK | flags), "eventfd"));
  });
}

void Lockstep::timerfd(int slot) {
  open("timerfd", {{slot, Kind::kTimerfd}},
       [&](World&) { return listOf(xpoll_test::makeTimerfd()); });
}

void Lockstep::memfd(int slot) {
  open("memfd", {{slot, Kind::kUnpollable}},
       [&](World&) { return listOf(checkedFd(memfd_create("fuzz", MFD_CLOEXEC), "memfd")); });
}

void Lockstep::devNull(int slot) {
  open("devNull", {{slot, Kind::kUnpollable}}, [&](World&) {
    return listOf(checkedFd(::open("/dev/null", O_RDWR | O_CLOEXEC), "/dev/null"));
  });
}

void Lockstep::dup(int from, int to) {
  const Effects effects = effectsOfClose({to});
  const bool copied = both("dup", [&](World& world) -> long {
    return dup3(world.fd(from), world.fd(to), O_CLOEXEC) < 0 ? -1 : 0;
  });
  if (copied) slots_[to] = slots_[from];
  finish(effects);
}

void Lockstep::close(int slot) {
  const Effects effects = effectsOfClose({slot});
  both("close", [&](World& world) { return ::close(world.fd(slot)); });
  slots_[slot] = Kind::kNone;
  finish(effects);
}

void Lockstep::fork(int child) {
  children_[static_cast<std::size_t>(child)] = std::make_unique<Holder>();
  stage_.outcomes.count("fork", kDone);
  finish({.packets = true, .closes = true});
}

void Lockstep::closeInChild(int child, int slot) {
  Holder* holder = children_[static_cast<std::size_t>(child)].get();
  if (!holder) return nothingToDo("closeInChild");
  holder->close(native_.fd(slot), xpoll_.fd(slot));
  stage_.outcomes.count("closeInChild", kDone);
  finish({.packets = true, .closes = true});
}

void Lockstep::exitChild(int child) {
  std::unique_ptr<Holder>& holder = children_[static_cast<std::size_t>(child)];
  if (!holder) return nothingToDo("exitChild");
  holder->exit();
  holder.reset();
  stage_.outcomes.count("exitChild", kDone);
  finish({.packets = true, .closes = true});
}

}  // namespace xpoll_fuzz
