// SPDX-License-Identifier: MIT
// watch-server: an echo server whose connections are objects, served by several threads. A
// connection closes its descriptor while it is in use, and nobody counts references: see
// xpoll_watch_set(3).
#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <memory>
#include <thread>
#include <utility>
#include <vector>
#include <xpoll/unique_fd.hpp>
#include <xpoll/xpoll.hpp>

#include "system.hpp"

namespace {

using xpoll::events;

constexpr int thread_count = 4;
constexpr events served = events::in | events::rdhup | events::oneshot;

class connection final : public xpoll::watch {
 public:
  connection(xpoll::watch_set& set, xpoll::unique_fd socket)
      : set_(set), socket_(std::move(socket)) {}

  int fd() const noexcept { return socket_.get(); }

  void ready(const struct xpoll_event& event) noexcept override {
    // The last close ends the watch, too. The object goes when no thread can be here any more.
    if (echo())
      set_.modify(xpoll::watch_id(event), served);
    else
      socket_.reset();
  }

 private:
  // Returns whether the connection goes on. It ends for a client that does not read, too.
  bool echo() const noexcept {
    std::array<char, 16'384> data;
    const ssize_t size = recv(fd(), data.data(), data.size(), 0);
    if (size < 0) return errno == EAGAIN;
    const auto length = static_cast<std::size_t>(size);
    return size > 0 && send(fd(), data.data(), length, MSG_NOSIGNAL) == size;
  }

  xpoll::watch_set& set_;
  xpoll::unique_fd socket_;
};

class listener final : public xpoll::watch {
 public:
  listener(xpoll::watch_set& set, xpoll::unique_fd socket)
      : set_(set), socket_(std::move(socket)) {}

  // Connections that come later lead to another event.
  void ready(const struct xpoll_event& event) noexcept override {
    for (std::uint32_t waiting = event.amount; waiting > 0; --waiting) {
      xpoll::unique_fd socket(
          accept4(socket_.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
      if (socket.valid()) serve(std::move(socket));
    }
  }

 private:
  void serve(xpoll::unique_fd socket) const noexcept try {
    auto accepted = std::make_unique<connection>(set_, std::move(socket));
    const int fd = accepted->fd();
    set_.add(fd, served, std::move(accepted));
  } catch (const std::exception& error) {
    std::cerr << "watch-server: a connection is refused: " << error.what() << '\n';
  }

  xpoll::watch_set& set_;
  const xpoll::unique_fd socket_;
};

// Its signal stays pending, so every worker finds it.
class stopper final : public xpoll::watch {
 public:
  stopper(std::atomic<bool>& stopping, xpoll::unique_fd signals)
      : stopping_(stopping), signals_(std::move(signals)) {}

  void ready(const struct xpoll_event&) noexcept override { stopping_ = true; }

 private:
  std::atomic<bool>& stopping_;
  const xpoll::unique_fd signals_;
};

// Serves until a signal ends the program.
void serve(std::uint16_t port) {
  std::atomic<bool> stopping = false;
  auto set = xpoll::watch_set::create();
  auto socket = example::listen_on("127.0.0.1", port);
  const int fd = socket.get();
  std::cerr << "watch-server: listening on 127.0.0.1:" << example::port_of(fd) << '\n';
  set.add(fd, events::in | events::edge, std::make_unique<listener>(set, std::move(socket)));
  auto signals = example::termination_signals();
  const int signal_fd = signals.get();
  set.add(signal_fd, events::in, std::make_unique<stopper>(stopping, std::move(signals)));
  std::vector<std::jthread> threads;
  for (int i = 0; i < thread_count; ++i)
    threads.emplace_back([&] {
      xpoll::watch_set::worker worker(set);
      while (!stopping) worker.run();
    });
}

}  // namespace

int main(int argc, char** argv) {
  try {
    serve(static_cast<std::uint16_t>(argc > 1 ? std::atoi(argv[1]) : 0));
    return EXIT_SUCCESS;
  } catch (const std::exception& error) {
    std::cerr << "watch-server: " << error.what() << '\n';
    return EXIT_FAILURE;
  }
}
