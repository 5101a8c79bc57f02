// SPDX-License-Identifier: GPL-2.0-only
// Requests to an echo server, end to end: send, wait, read, answer, receive. One thread does
// everything, so no task sleeps and nothing depends on the scheduler.
#include <sys/socket.h>

#include <array>
#include <concepts>

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

template <typename Backend>
constexpr bool kEdge = std::same_as<Backend, EdgeEpoll> || std::same_as<Backend, Ring>;

/// The number of system calls that the last wait made.
int wait_calls(const Ring& ring) { return ring.entered() ? 1 : 0; }
template <typename Backend>
int wait_calls(const Backend& /*instance*/) {
  return 1;
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
      for (int index = 0; index < ready; ++index) answer(server_.ready_fd(index));
      answered += ready;
      waits_ += wait_calls(server_);
    }
    for (int client = 0; client < active_; ++client) {
      receive_message(set_[2 * client + 1], message_);
    }
  }

  /// The server's system calls per request.
  [[nodiscard]] double calls() const {
    return (waits_ + 2.0 * static_cast<double>(answers_)) / static_cast<double>(answers_);
  }

 private:
  void answer(int fd) {
    receive_message(fd, message_);
    send_message(fd, message_);
    ++answers_;
  }

  const WatchedSet& set_;
  Backend& server_;
  const int active_;
  Message message_{};
  double waits_ = 0;
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
          add_benchmark(
              settings, fmt::format("echo_{}", kind_name(load.kind)), Backend::kName,
              [=](auto& state) {
                run_echo<Backend>(state, settings, load.kind, load.active, load.watched);
              },
              load.active, load.watched);
        });
  }
}

}  // namespace bench
