// SPDX-License-Identifier: GPL-2.0-only
#include "worker.h"

#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <thread>

#include "tools/util/checked.h"

namespace fair {
namespace {

using xpoll::events;

/// A worker renews its heartbeat this many times within the limit.
constexpr int beats_per_limit = 4;

}  // namespace

void Worker::run() {
  std::array<epoll_event, 16> room;
  const xpoll::wait_options options{.worker = static_cast<std::uint32_t>(number_)};
  while (open_for_work_) {
    publish();
    // Without a timeout an idle worker would stop its heartbeat and seem to hang.
    const auto ready = has_heartbeats()
                           ? instance_.wait(room, state_.heartbeat / beats_per_limit, options)
                           : instance_.wait(room, options);
    for (const epoll_event& event : ready) handle(event.data.fd);
  }
}

void Worker::handle(int fd) {
  if (fd == state_.stop)
    open_for_work_ = false;
  else if (fd == listener_)
    accept_ready();
  else
    answer(fd);
}

void Worker::accept_ready() {
  // A shared instance reports the listener once for all pending connections.
  while (accept_one() && shares_instance()) {
  }
}

bool Worker::accept_one() {
  const int fd = accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
  // No connection is left, or another worker was faster.
  if (fd < 0 && errno == EAGAIN) return false;
  xpoll::checked(fd, "accept4");
  ++state_.accepted[number_ - 1];
  ++load_;
  instance_.add(fd, shares_instance() ? events::in | events::oneshot : events::in, {.fd = fd});
  return true;
}

void Worker::answer(int fd) {
  char request = 0;
  const ssize_t size = read(fd, &request, 1);
  if (size < 0 && errno == EAGAIN) return rearm(fd);
  if (size <= 0) return end_connection(fd);
  if (request == request_hang) hang();
  const char number = static_cast<char>(number_);
  // The client may have closed the connection.
  if (send(fd, &number, 1, MSG_NOSIGNAL) < 0 && errno != EPIPE && errno != ECONNRESET)
    xpoll::checked(-1, "send");
  rearm(fd);
}

void Worker::end_connection(int fd) {
  close(fd);
  // On a shared instance another worker may have accepted the connection.
  if (!shares_instance()) --load_;
}

void Worker::rearm(int fd) {
  if (shares_instance()) instance_.modify(fd, events::in | events::oneshot, {.fd = fd});
}

void Worker::hang() {
  state_.hanging = true;
  std::this_thread::sleep_for(state_.hang);
  state_.hanging = false;
}

bool Worker::has_heartbeats() const { return state_.table && state_.silent != number_; }

void Worker::publish() {
  if (!has_heartbeats()) return;
  const auto worker = static_cast<std::uint32_t>(number_);
  state_.table->load(worker, load_);
  state_.table->beat(worker);
}

}  // namespace fair
