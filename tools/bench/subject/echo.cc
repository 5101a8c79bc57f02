// SPDX-License-Identifier: GPL-2.0-only
// Requests to an echo server, end to end: send, wait, read, answer, receive. One thread does
// everything, so no task sleeps and nothing depends on the scheduler.
#include <sys/socket.h>

#include <array>
#include <concepts>
#include <stdexcept>

#include "each_backend.h"
#include "registry.h"
#include "util/kept.h"
#include "util/measure.h"

namespace bench {
namespace {

using Message = std::array<char, 64>;

void send_message(int fd, const Message& message) {
  const ssize_t sent = send(fd, message.data(), message.size(), 0);
  if (sent != static_cast<ssize_t>(message.size())) {
    throw std::system_error(errno, std::generic_category(), "send");
  }
}

void receive_message(int fd, Message& message) {
  const ssize_t received = recv(fd, message.data(), message.size(), 0);
  if (received != static_cast<ssize_t>(message.size())) {
    throw std::system_error(errno, std::generic_category(), "recv");
  }
}

/// A request makes one event, so an edge-triggered server need not read on until it would block.
class EdgeEpoll : public Epoll {
 public:
  static constexpr const char* kName = "epoll_edge";
};

/// An edge-triggered server that knows nothing of its requests: it must read until it would block.
class DrainingEpoll : public Epoll {};

template <typename Backend>
constexpr bool kEdge = std::same_as<Backend, EdgeEpoll> || std::same_as<Backend, Ring> ||
                       std::same_as<Backend, DrainingEpoll> || std::same_as<Backend, ExtendedXpoll>;

/// The number of system calls that the last wait made.
int wait_calls(const Ring& ring) { return ring.entered() ? 1 : 0; }
template <typename Backend>
int wait_calls(const Backend& /*instance*/) {
  return 1;
}

/// What makes sure that a read has emptied the socket of the event at `index` of the last wait.
/// Returns the number of system calls that it made.
int finish_reading(const DrainingEpoll& server, int index) {
  char byte = 0;
  if (recv(server.ready_fd(index), &byte, sizeof(byte), MSG_DONTWAIT) >= 0 || errno != EAGAIN)
    throw std::runtime_error("a request is longer than was sent");
  return 1;
}
/// The event has told how much there is, and more would make another event.
int finish_reading(const ExtendedXpoll& server, int index) {
  if (server.amount(index) != sizeof(Message))
    throw std::runtime_error("an event told another amount than was sent");
  return 0;
}
template <typename Backend>
int finish_reading(const Backend& /*server*/, int /*index*/) {
  return 0;
}

/// Even members of the set are server ends, odd ones client ends.
template <typename Backend>
class Echo {
 public:
  Echo(const WatchedSet& set, Backend& server, int active)
      : set_{set}, server_{server}, active_{active} {}

  /// Sends one request on each active client.
  void serve() {
    for (int client = 0; client < active_; ++client) send_message(set_[2 * client + 1], message_);
    for (int answered = 0; answered < active_;) {
      const int ready = xpoll::checked(server_.wait(-1), "wait");
      for (int index = 0; index < ready; ++index) answer(index);
      answered += ready;
      calls_ += wait_calls(server_);
    }
    for (int client = 0; client < active_; ++client) {
      receive_message(set_[2 * client + 1], message_);
    }
  }

  /// The server's system calls per request.
  [[nodiscard]] double calls() const {
    return static_cast<double>(calls_) / static_cast<double>(answers_);
  }

 private:
  void answer(int index) {
    const int fd = server_.ready_fd(index);
    receive_message(fd, message_);
    calls_ += 2 + finish_reading(server_, index);
    send_message(fd, message_);
    ++answers_;
  }

  const WatchedSet& set_;
  Backend& server_;
  const int active_;
  Message message_{};
  std::int64_t calls_ = 0;
  std::int64_t answers_ = 0;
};

template <typename Backend>
void run_echo(benchmark::State& state, const Settings& settings, Kind kind, int active,
              int watched) {
  const WatchedSet& set = kept_set(kind, 2 * watched);
  const auto server =
      kept_instance<Backend>(set, watched, kEdge<Backend> ? EPOLLIN | EPOLLET : EPOLLIN, 2);
  Echo<Backend> echo(set, *server, active);
  Measurement(state, settings, active).run([&] { echo.serve(); });
  state.counters["calls"] = echo.calls();
}

struct Load {
  Kind kind;
  int active;
  int watched;
};

template <typename Backend>
void add_echo(const Settings& settings, const std::string& name, const Load& load) {
  add_benchmark(
      settings, name, Backend::kName,
      [=](auto& state) {
        run_echo<Backend>(state, settings, load.kind, load.active, load.watched);
      },
      load.active, load.watched);
}

}  // namespace

void register_echo(const Settings& settings) {
  for (const Load& load :
       {Load{Kind::kTcp, 8, 20'000}, Load{Kind::kTcp, 64, 1'000}, Load{Kind::kTcp, 1, 1},
        Load{Kind::kUnix, 64, 1'000}, Load{Kind::kUnix, 1, 1}}) {
    if (2 * load.watched > settings.descriptors) continue;
    for_backends<Select, Poll, Epoll, EdgeEpoll, Xpoll, Uring, Ring>(
        settings, [&]<typename Backend> {
          if constexpr (std::same_as<Backend, Ring>)
            if (load.watched >= Ring::kSlots) return;
          add_echo<Backend>(settings, fmt::format("echo_{}", kind_name(load.kind)), load);
        });
  }
  for (const Load& load : {Load{Kind::kTcp, 64, 1'000}, Load{Kind::kTcp, 1, 1}})
    for_backends<DrainingEpoll, ExtendedXpoll>(settings, [&]<typename Backend> {
      add_echo<Backend>(settings, "echo_until_empty_tcp", load);
    });
}

}  // namespace bench
