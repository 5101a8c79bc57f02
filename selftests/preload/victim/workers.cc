// SPDX-License-Identifier: GPL-2.0-only
// Processes that accept connections from one listening socket, each with its own instance.
#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "modes.h"
#include "tools/util/checked.h"
#include "tools/util/descriptors.h"
#include "tools/util/sockets.h"
#include "tools/util/wait_until.h"
#include "transcript.h"
#include "util/process.h"

namespace victim {
namespace {

using xpoll::checked;
using xpoll::checked_fd;
using xpoll::TcpListener;
using xpoll::unique_fd;
using xpoll::test::Process;

struct Shop {
  TcpListener listener;
  xpoll::Pipe taken = xpoll::make_pipe(O_CLOEXEC);  // the number of the accepting worker, per
                                                    // connection
};

void watch(const unique_fd& epfd, int fd, std::uint32_t bits) {
  epoll_event event = make_event(bits, 0);
  checked(epoll_ctl(epfd.get(), EPOLL_CTL_ADD, fd, &event), "ctl");
}

// Keeps and watches the connections that it accepts, in addition to `held` files from the
// beginning.
int work(const Shop& shop, char number, int held) {
  const unique_fd epfd = checked_fd(epoll_create1(0), "create1");
  std::vector<unique_fd> files;
  for (int i = 0; i < held; ++i) {
    files.push_back(checked_fd(eventfd(0, 0), "eventfd"));
    watch(epfd, files.back().get(), EPOLLIN);
  }
  watch(epfd, shop.listener.get(), EPOLLIN | EPOLLEXCLUSIVE);
  while (true) {
    epoll_event event{};
    checked(epoll_wait(epfd.get(), &event, 1, -1), "wait");
    unique_fd connection(accept(shop.listener.get(), nullptr, nullptr));
    if (!connection.valid() && errno == EAGAIN) continue;
    checked(connection.get(), "accept");
    watch(epfd, connection.get(), EPOLLIN);
    files.push_back(std::move(connection));
    checked(static_cast<int>(write(shop.taken.writer.get(), &number, 1)), "write");
  }
}

// Returns the number of the worker that took a connection. Throws if none takes it.
char taker(const unique_fd& taken) {
  using std::chrono::milliseconds;
  pollfd readable{.fd = taken.get(), .events = POLLIN, .revents = 0};
  const auto limit = static_cast<int>(milliseconds(xpoll::kDeadline).count());
  if (checked(poll(&readable, 1, limit), "poll") == 0)
    throw std::runtime_error("no worker takes a connection");
  char number = 0;
  if (checked(static_cast<int>(read(taken.get(), &number, 1)), "read") == 0)
    throw std::runtime_error("no worker is left");
  return number;
}

int serve(const Arguments& arguments, const std::function<void()>& prepare_worker) {
  Shop shop;
  std::vector<std::unique_ptr<Process>> workers;
  for (std::size_t i = 1; i < arguments.size(); ++i) {
    const int held = std::stoi(arguments[i]);
    const char number = static_cast<char>(workers.size());
    workers.push_back(std::make_unique<Process>([&] {
      prepare_worker();
      return work(shop, number, held);
    }));
    workers.back()->wait_until_asleep_in_wait();
  }
  shop.taken.writer.reset();
  std::vector<unique_fd> clients;
  for (int left = std::stoi(arguments.at(0)); left > 0; --left) {
    clients.push_back(shop.listener.connect());
    const char number = taker(shop.taken.reader);
    std::printf("%d\n", number);
    workers.at(static_cast<std::size_t>(number))->wait_until_asleep_in_wait();
  }
  return 0;
}

}  // namespace

int workers(const Arguments& arguments) {
  return serve(arguments, [] {});
}

int workers_unprivileged(const Arguments& arguments) {
  constexpr uid_t kNobody = 65534;
  return serve(arguments, [] { xpoll::test::become_user(kNobody); });
}

int workers_daemon(const Arguments& arguments) {
  if (checked(fork(), "fork") > 0) return 0;
  checked(setsid(), "setsid");
  char byte = 0;
  while (read(STDIN_FILENO, &byte, 1) > 0) continue;
  return workers(arguments);
}

int workers_closing(const Arguments& arguments) {
  checked(close_range(STDERR_FILENO + 1, ~0U, 0), "close_range");
  return workers(arguments);
}

}  // namespace victim
