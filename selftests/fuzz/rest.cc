// SPDX-License-Identifier: GPL-2.0-only
#include "rest.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sched.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include <string>

#include "divergence.h"

namespace xpoll::fuzz {
namespace {

// Far longer than any pending effect takes.
constexpr std::chrono::seconds kDeadline{60};

constexpr eventfd_t kTurn = 1;
constexpr eventfd_t kQuit = 2;

unique_fd make_blocking_eventfd() { return checked_fd(eventfd(0, EFD_CLOEXEC), "eventfd"); }

eventfd_t take(const unique_fd& fd) {
  eventfd_t count = 0;
  checked(eventfd_read(fd.get(), &count), "eventfd_read");
  return count;
}

void give(const unique_fd& fd, eventfd_t count) {
  checked(eventfd_write(fd.get(), count), "eventfd_write");
}

}  // namespace

void stay_on_processor() {
  cpu_set_t processors;
  CPU_ZERO(&processors);
  CPU_SET(checked(sched_getcpu(), "sched_getcpu"), &processors);
  checked(sched_setaffinity(0, sizeof(processors), &processors), "sched_setaffinity");
}

void run_when_idle(pid_t tid) {
  const sched_param parameters{};
  checked(sched_setscheduler(tid, SCHED_IDLE, &parameters), "SCHED_IDLE");
}

Patience::Patience(std::string_view what)
    : what_(what), deadline_(std::chrono::steady_clock::now() + kDeadline) {}

void Patience::check() const {
  if (std::chrono::steady_clock::now() > deadline_)
    throw Divergence("did not settle: " + std::string(what_));
}

IdleTurn::IdleTurn()
    : asked_(make_blocking_eventfd()), taken_(make_blocking_eventfd()), thread_([this] {
        while (xpoll::fuzz::take(asked_) == kTurn) give(taken_, kTurn);
      }) {
  run_when_idle(thread_.tid());
}

IdleTurn::~IdleTurn() { eventfd_write(asked_.get(), kQuit); }

void IdleTurn::take() const {
  give(asked_, kTurn);
  xpoll::fuzz::take(taken_);
}

LoopbackBarrier::LoopbackBarrier()
    : socket_(checked_fd(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), "socket")) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof(address);
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  checked(bind(socket_.get(), generic, length), "bind");
  checked(getsockname(socket_.get(), generic, &length), "getsockname");
  checked(connect(socket_.get(), generic, length), "connect to itself");
}

void LoopbackBarrier::pass() const {
  // One round for the packet, one for the reply that it causes, which may be queued behind ours.
  for (int round = 0; round < 2; round++) {
    char byte = 'x';
    checked(static_cast<int>(send(socket_.get(), &byte, 1, 0)), "send");
    checked(static_cast<int>(recv(socket_.get(), &byte, 1, 0)), "recv");
  }
}

}  // namespace xpoll::fuzz
