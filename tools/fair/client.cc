// SPDX-License-Identifier: GPL-2.0-only
#include "client.h"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <functional>
#include <stdexcept>

#include "tools/util/checked.h"
#include "tools/util/wait_until.h"

namespace fair {
namespace {

using xpoll::checked;

/// One connection of a client. It is closed with a reset: after a FIN, its port would stay in
/// TIME_WAIT for a minute.
class Visit final {
 public:
  explicit Visit(const Server& server)
      : socket_(xpoll::checked_fd(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket")) {
    const linger at_once{.l_onoff = 1, .l_linger = 0};
    checked(setsockopt(socket_.get(), SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once)),
            "SO_LINGER");
    checked(connect(socket_.get(), reinterpret_cast<const sockaddr*>(&server.address()),
                    sizeof(server.address())),
            "connect");
  }

  [[nodiscard]] int fd() const { return socket_.get(); }

  void request(char what) {
    if (checked(static_cast<int>(write(fd(), &what, 1)), "write") != 1)
      throw std::runtime_error("nothing sent");
  }

  /// Returns the number of the worker that answered, counted from 1.
  int answer() {
    char number = 0;
    if (checked(static_cast<int>(read(fd(), &number, 1)), "read") != 1)
      throw std::runtime_error("a worker closed a connection");
    return number;
  }

  int ask() {
    request(request_number);
    return answer();
  }

 private:
  xpoll::unique_fd socket_;
};

/// Connections that stay open.
struct Regulars {
  std::vector<Visit> visits;
  std::vector<int> workers;  ///< the worker of each connection
};

Regulars open_regulars(const Server& server, int connections) {
  Regulars regulars;
  for (int i = 0; i < connections; ++i) {
    regulars.visits.emplace_back(server);
    regulars.workers.push_back(regulars.visits.back().ask());
  }
  return regulars;
}

/// Returns the first connection of the worker that has most connections.
std::size_t busiest(const Regulars& regulars) {
  const auto load = [&](int worker) { return std::ranges::count(regulars.workers, worker); };
  const auto more = [&](int one, int other) { return load(one) < load(other); };
  return static_cast<std::size_t>(std::ranges::max_element(regulars.workers, more) -
                                  regulars.workers.begin());
}

/// Polls once, after a short pause.
std::uint64_t count_unanswered(const std::vector<Visit>& visits) {
  constexpr int moment_ms = 10;
  std::vector<pollfd> sockets;
  for (const Visit& visit : visits)
    sockets.push_back({.fd = visit.fd(), .events = POLLIN, .revents = 0});
  // Pause first: the number of readable connections counts, not the first one that becomes
  // readable.
  poll(nullptr, 0, moment_ms);
  const int answered = checked(poll(sockets.data(), sockets.size(), 0), "poll");
  return visits.size() - static_cast<std::size_t>(answered);
}

}  // namespace

Shares visit(const Server& server, int connections) {
  const Shares before = server.accepted();
  for (int i = 0; i < connections; ++i) Visit(server).ask();
  Shares shares = server.accepted();
  std::ranges::transform(shares, before, shares.begin(), std::minus());
  return shares;
}

Hang visit_while_one_hangs(const Server& server, int connections, std::chrono::nanoseconds hang) {
  Regulars regulars = open_regulars(server, connections);
  const std::size_t hung = busiest(regulars);
  regulars.visits[hung].request(request_hang);
  xpoll::wait_until("a worker hangs", [&] { return server.hanging(); });

  const auto end_of_requests = std::chrono::steady_clock::now() + hang / 2;
  const auto time_left = [&] { return std::chrono::steady_clock::now() < end_of_requests; };
  std::vector<Visit> asked;
  for (int i = 0; i < connections && time_left(); ++i) {
    asked.emplace_back(server).request(request_number);
    if (static_cast<std::size_t>(i) == hung) continue;
    asked.push_back(std::move(regulars.visits[i]));
    asked.back().request(request_number);
  }
  Hang result{.requests = asked.size()};
  while (true) {
    const std::uint64_t count = count_unanswered(asked);
    // The worker may have received the request after the hang had ended.
    if (!server.hanging()) break;
    result.waited = count;
  }
  regulars.visits[hung].answer();
  for (Visit& visit : asked) visit.answer();
  return result;
}

}  // namespace fair
