// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <netinet/in.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>
#include <thread>
#include <utility>
#include <vector>
#include <xpoll/xpoll.hpp>

#include "arrangement.h"

namespace fair {

/// The requests that a client sends, one byte each. The answer is the worker's number, also one
/// byte.
constexpr char request_number = 'n';
constexpr char request_hang = 'h';  ///< answered when the hang has ended

/// Connections per worker, in the order of the workers.
using Shares = std::vector<std::uint64_t>;

/// The state that all workers share.
struct Shared {
  Shared(Arrangement which, int workers) : arrangement(std::move(which)), accepted(workers) {}

  Arrangement arrangement;
  std::chrono::nanoseconds hang{};
  int stop = -1;  ///< an eventfd; all workers end once it is readable
  /// With a wake policy: the table in which workers store their loads, and the maximum age of a
  /// heartbeat.
  std::optional<xpoll::worker_table> table;
  std::chrono::nanoseconds heartbeat{};
  std::vector<std::atomic<std::uint64_t>> accepted;  ///< connections, by worker
  std::atomic<bool> hanging{false};
  std::atomic<int> silent{0};  ///< the worker that waits without renewing its heartbeat, or 0
};

/// Workers, one thread each, that answer on a loopback port.
class Server final {
 public:
  struct Options {
    int workers = 8;
    std::chrono::nanoseconds hang{};
    std::chrono::nanoseconds heartbeat{};
    int program = -1;  ///< for XPOLL_WAKE_BPF
  };

  Server(const Arrangement& arrangement, const Options& options);
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;
  ~Server();

  [[nodiscard]] const sockaddr_in& address() const { return address_; }
  /// Connections that each worker has accepted.
  [[nodiscard]] Shares accepted() const { return {state_.accepted.begin(), state_.accepted.end()}; }
  /// Whether a worker is hanging.
  [[nodiscard]] bool hanging() const { return state_.hanging; }
  /// From now on this worker waits without renewing its heartbeat. 0 selects none.
  void silence(int worker) { state_.silent = worker; }

 private:
  [[nodiscard]] bool shared() const { return state_.arrangement.sharing == Sharing::shared; }
  [[nodiscard]] bool reuses_port() const {
    return state_.arrangement.sharing == Sharing::reuseport;
  }
  [[nodiscard]] xpoll::poller make_instance() const;
  [[nodiscard]] xpoll::events interest() const;
  void listen();
  void open_instance(int index);
  void publish_loads(const Options& options);
  void start(int index);

  Shared state_;
  xpoll::unique_fd stop_;
  std::optional<xpoll::group> group_;
  sockaddr_in address_{};
  /// One shared listener, or one per worker.
  std::vector<xpoll::unique_fd> listeners_;
  std::vector<xpoll::poller> instances_;
  std::vector<std::jthread> threads_;
};

}  // namespace fair
