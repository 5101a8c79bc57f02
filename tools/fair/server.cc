// SPDX-License-Identifier: GPL-2.0-only
#include "server.h"

#include <arpa/inet.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include "tools/util/checked.h"
#include "tools/util/descriptors.h"
#include "worker.h"

namespace fair {
namespace {

using xpoll::checked;
using xpoll::events;

xpoll::wake_policy policy_of(const Arrangement& arrangement, const Server::Options& options) {
  const auto chosen = [&] {
    switch (*arrangement.policy) {
      case XPOLL_WAKE_ROUND_ROBIN:
        return xpoll::wake_policy::round_robin();
      case XPOLL_WAKE_LEAST_LOADED:
        return xpoll::wake_policy::least_loaded();
      case XPOLL_WAKE_BPF:
        return xpoll::wake_policy::program(options.program);
      default:
        return xpoll::wake_policy::native();
    }
  };
  return chosen().heartbeat(options.heartbeat);
}

}  // namespace

Server::Server(const Arrangement& arrangement, const Options& options)
    : state_(arrangement, options.workers),
      stop_(xpoll::make_eventfd()),
      address_{.sin_family = AF_INET,
               .sin_port = 0,
               .sin_addr = {htonl(INADDR_LOOPBACK)},
               .sin_zero = {}} {
  state_.hang = options.hang;
  state_.stop = stop_.get();
  if (!arrangement.native() && !shared())
    group_ = xpoll::group::create(policy_of(arrangement, options));
  for (int i = 0; i < (reuses_port() ? options.workers : 1); ++i) listen();
  for (int i = 0; i < (shared() ? 1 : options.workers); ++i) open_instance(i);
  if (!arrangement.native()) publish_loads(options);
  for (int i = 0; i < options.workers; ++i) start(i);
}

Server::~Server() {
  eventfd_write(stop_.get(), 1);
  // End the threads first, since they use the members that are destroyed next.
  threads_.clear();
}

void Server::publish_loads(const Options& options) {
  if (shared()) instances_.front().wake(policy_of(state_.arrangement, options));
  state_.table = shared() ? instances_.front().workers() : group_->workers();
  state_.heartbeat = options.heartbeat;
}

void Server::listen() {
  constexpr int backlog = 1024;
  const int type = SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC;
  xpoll::unique_fd listener = xpoll::checked_fd(socket(AF_INET, type, 0), "socket");
  const int on = 1;
  if (reuses_port())
    checked(setsockopt(listener.get(), SOL_SOCKET, SO_REUSEPORT, &on, sizeof(on)), "SO_REUSEPORT");
  auto* const address = reinterpret_cast<sockaddr*>(&address_);
  socklen_t length = sizeof(address_);
  checked(bind(listener.get(), address, length), "bind");
  checked(::listen(listener.get(), backlog), "listen");
  checked(getsockname(listener.get(), address, &length), "getsockname");
  listeners_.push_back(std::move(listener));
}

xpoll::poller Server::make_instance() const {
  if (state_.arrangement.native()) return xpoll::poller::native();
  return group_ ? xpoll::poller::create(*group_) : xpoll::poller::create();
}

events Server::interest() const {
  switch (state_.arrangement.sharing) {
    case Sharing::exclusive:
      return events::in | events::exclusive;
    case Sharing::shared:
      // Without EPOLLET each connection would wake a second worker for nothing.
      return events::in | events::edge;
    default:
      return events::in;
  }
}

void Server::open_instance(int index) {
  const int listener = listeners_[reuses_port() ? index : 0].get();
  instances_.push_back(make_instance());
  if (group_) instances_.back().set_worker(static_cast<std::uint32_t>(index + 1));
  instances_.back().add(listener, interest(), {.fd = listener});
  instances_.back().add(stop_.get(), events::in, {.fd = stop_.get()});
}

void Server::start(int index) {
  xpoll::poller& instance = instances_[shared() ? 0 : index];
  const int listener = listeners_[reuses_port() ? index : 0].get();
  threads_.emplace_back(
      [this, index, listener, &instance] { Worker(index + 1, state_, instance, listener).run(); });
}

}  // namespace fair
