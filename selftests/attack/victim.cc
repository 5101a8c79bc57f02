// SPDX-License-Identifier: GPL-2.0-only
#include "attack/victim.h"

#include <sched.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <ctime>
#include <map>
#include <string_view>
#include <thread>

#include "tools/util/wait_until.h"

namespace xpoll::attack {
namespace {

constexpr uid_t kUser = 1001;
constexpr std::string_view kName = "xpoll-attack";
constexpr std::size_t kMessage = 64;
// Connections of other users, which a service limits.
constexpr int kForeign = 32;
// So many requests use a connection, or an instance that the service's own one watches.
constexpr int kRequestsEach = 16;

using Clock = std::chrono::steady_clock;

void fail(Service& service) {
  service.failure = errno;
  ++service.failures;
}

uid_t user_of_peer(int connection) {
  ucred peer{};
  socklen_t size = sizeof(peer);
  return getsockopt(connection, SOL_SOCKET, SO_PEERCRED, &peer, &size) < 0 ? 0 : peer.uid;
}

class Server {
 public:
  Server(Backend backend, Service& service, const unique_fd& listener)
      : backend_(backend), service_(service), listener_(listener), ep_(backend.instance()) {
    checked(backend_.add(ep_.get(), listener_.get(), EPOLLIN), "add");
  }

  [[noreturn]] void serve() {
    std::array<epoll_event, 64> events{};
    for (;;) {
      const int count =
          backend_.wait(ep_.get(), events.data(), static_cast<int>(events.size()), -1);
      if (count < 0 && errno != EINTR) fail(service_);
      for (int i = 0; i < count; ++i) handle(events[static_cast<std::size_t>(i)]);
    }
  }

 private:
  void handle(const epoll_event& event) {
    if (event.data.fd == listener_.get())
      accept();
    else if (event.data.fd != watched_instance_.get())
      echo(event.data.fd);
  }

  void accept() {
    for (;;) {
      unique_fd connection(
          accept4(listener_.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
      if (!connection.valid()) return;
      const bool foreign = user_of_peer(connection.get()) != kUser;
      if (foreign && foreign_ >= kForeign) continue;
      if (backend_.add(ep_.get(), connection.get(), EPOLLIN | EPOLLRDHUP) < 0) {
        fail(service_);
        continue;
      }
      foreign_ += foreign;
      const int number = connection.get();
      connections_[number] = {std::move(connection), foreign};
    }
  }

  void echo(int connection) {
    std::array<char, 4 * kMessage> data{};
    const ssize_t size = recv(connection, data.data(), data.size(), 0);
    if (size < 0 && errno == EAGAIN) return;
    if (size <= 0 ||
        send(connection, data.data(), static_cast<std::size_t>(size), MSG_NOSIGNAL) != size)
      return end(connection);
    if (++requests_ % kRequestsEach == 0) watch_new_instance();
  }

  // By EPOLL_CTL_DEL and by the last close in turn.
  void end(int connection) {
    if (++ended_ % 2 && backend_.del(ep_.get(), connection) < 0) fail(service_);
    const auto place = connections_.find(connection);
    foreign_ -= place->second.foreign;
    connections_.erase(place);
  }

  // Creation, a nested watch, and the close of a watched instance.
  void watch_new_instance() {
    unique_fd instance(backend_.create1(EPOLL_CLOEXEC));
    if (!instance.valid() || backend_.add(ep_.get(), instance.get(), EPOLLIN) < 0) fail(service_);
    watched_instance_ = std::move(instance);
  }

  struct Connection {
    unique_fd fd;
    bool foreign = false;
  };

  Backend backend_;
  Service& service_;
  const unique_fd& listener_;
  unique_fd ep_;
  unique_fd watched_instance_;
  std::map<int, Connection> connections_;
  int foreign_ = 0;
  std::uint64_t requests_ = 0;
  std::uint64_t ended_ = 0;
};

// Exchanges one message. Return: whether the reply came.
bool exchange(int connection) {
  std::array<char, kMessage> data{};
  if (send(connection, data.data(), data.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(data.size()))
    return false;
  return recv(connection, data.data(), data.size(), MSG_WAITALL) ==
         static_cast<ssize_t>(data.size());
}

[[noreturn]] void request(Service& service) {
  const ServiceAddress address;
  Clock::time_point last = Clock::now();
  for (;;) {
    constexpr timespec kPause{.tv_sec = 0, .tv_nsec = 5'000'000};
    nanosleep(&kPause, nullptr);
    const unique_fd connection =
        checked_fd(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket");
    if (connect(connection.get(), address.get(), address.size) < 0) {
      fail(service);
      continue;
    }
    for (int i = 0; i < kRequestsEach; ++i) {
      if (!exchange(connection.get())) {
        fail(service);
        break;
      }
      const Clock::time_point now = Clock::now();
      const auto ns = static_cast<std::uint64_t>(
          std::chrono::duration_cast<std::chrono::nanoseconds>(now - last).count());
      service.longest_ns = std::max<std::uint64_t>(service.longest_ns, ns);
      last = now;
      ++service.requests;
    }
  }
}

// The attackers' share of the processors is none of the kernel's faults. So the victim preempts
// them, and what it waits for is locks, and code that can't be preempted. It must leave them time.
void preempt_others() {
  sched_param param{};
  param.sched_priority = 1;
  checked(sched_setscheduler(0, SCHED_FIFO, &param), "sched_setscheduler");
}

int run(Backend backend, Service& service) {
  preempt_others();
  test::become_user(kUser);
  const ServiceAddress address;
  const unique_fd listener =
      checked_fd(socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), "socket");
  checked(bind(listener.get(), address.get(), address.size), "bind");
  checked(listen(listener.get(), 64), "listen");
  Server server(backend, service, listener);
  std::thread client([&] { request(service); });
  server.serve();
}

}  // namespace

ServiceAddress::ServiceAddress() {
  address.sun_family = AF_UNIX;
  std::memcpy(&address.sun_path[1], kName.data(), kName.size());
  size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + kName.size());
}

Victim::Victim(Backend backend, Service& service)
    : process_([backend, &service] { return run(backend, service); }) {}

void Victim::wait_until_serving(const Service& service) const {
  constexpr std::uint64_t kWarm = 200;
  wait_until("the victim's first replies", [&] { return service.requests >= kWarm; });
}

void Victim::wait_for_a_reply(const Service& service) const {
  const std::uint64_t before = service.requests;
  wait_until("a reply of the victim after the attack", [&] { return service.requests > before; });
}

}  // namespace xpoll::attack
