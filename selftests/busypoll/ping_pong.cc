// SPDX-License-Identifier: GPL-2.0-only
#include "busypoll/ping_pong.h"

#include <arpa/inet.h>
#include <linux/xpoll.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <sstream>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>

#include "tools/util/checked.h"
#include "tools/util/file.h"
#include "tools/util/wait_until.h"
#include "util/sleep_count.h"

namespace xpoll::busypoll {
namespace {

constexpr const char* kSysctl = "/proc/sys/net/core/busy_poll";
// Longer than a message takes.
constexpr std::uint32_t kPollUs = 10'000'000;

sockaddr_in address_of(std::uint32_t host, std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(host);
  return address;
}

void send_byte(const unique_fd& fd) {
  if (send(fd.get(), "x", 1, MSG_NOSIGNAL) != 1) throw std::runtime_error("no byte could be sent");
}

bool receive_byte(const unique_fd& fd) {
  char byte = 0;
  return recv(fd.get(), &byte, 1, 0) == 1;
}

// Makes waits poll for a time that no message exceeds. Before 6.9, native epoll's know the sysctl
// only.
void set_polling(const Waiter& waiter, const unique_fd& ep) {
  const std::uint32_t usecs = waiter.polls ? kPollUs : 0;
  struct xpoll_busy_poll parameters {};
  parameters.usecs = usecs;
  if (ioctl(ep.get(), XPOLL_IOC_SET_BUSY_POLL, &parameters) == 0) return;
  if (waiter.backend.is_xpoll()) checked(-1, "XPOLL_IOC_SET_BUSY_POLL");
  write_file(kSysctl, std::to_string(usecs));
}

void unset_polling() { write_file(kSysctl, "0"); }

// Sums the processors' columns in the lines of the queues that receive.
std::uint64_t receive_interrupts() {
  std::istringstream lines(read_file("/proc/interrupts"));
  std::uint64_t sum = 0;
  bool found = false;
  for (std::string line; std::getline(lines, line);) {
    if (line.find("-input.") == std::string::npos) continue;
    found = true;
    std::istringstream columns(line.substr(line.find(':') + 1));
    for (std::uint64_t count = 0; columns >> count;) sum += count;
  }
  if (!found) throw std::runtime_error("/proc/interrupts has no queue of virtio-net that receives");
  return sum;
}

// One connection, whose messages are answered.
class Server {
 public:
  Server(const Waiter& waiter, const unique_fd& listener)
      : backend_(waiter.backend),
        ep_(waiter.backend.instance()),
        connection_(checked_fd(accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC), "accept")) {
    const int on = 1;
    checked(setsockopt(connection_.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)), "nodelay");
    set_polling(waiter, ep_);
    checked(backend_.add(ep_.get(), connection_.get(), EPOLLIN), "add");
  }

  // Returns whether the wait for the message went without a sleep. Little is done from the answer
  // to the next wait, since the acknowledgement of an answer interrupts unless a wait polls.
  bool answer() {
    epoll_event event{};
    if (backend_.wait(ep_.get(), &event, 1, kWaitMs) != 1) throw std::runtime_error("no message");
    if (!receive_byte(connection_)) throw std::runtime_error("the connection has ended");
    const long before = std::exchange(sleeps_, test::sleeps_of_this_thread());
    send_byte(connection_);
    return sleeps_ == before;
  }

 private:
  static constexpr int kWaitMs = 60'000;

  Backend backend_;
  unique_fd ep_;
  unique_fd connection_;
  long sleeps_ = test::sleeps_of_this_thread();
};

// QEMU accepts connections before the guest listens, and then closes them.
unique_fd connect_and_ping(std::uint16_t port) {
  unique_fd fd = checked_fd(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket");
  const sockaddr_in address = address_of(INADDR_LOOPBACK, port);
  if (connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)) < 0 ||
      send(fd.get(), "x", 1, MSG_NOSIGNAL) != 1 || !receive_byte(fd))
    fd.reset();
  return fd;
}

}  // namespace

Result serve(const Waiter& waiter, const unique_fd& listener, int messages) {
  Server server(waiter, listener);
  server.answer();
  const std::uint64_t before = receive_interrupts();
  Result result;
  for (int i = 0; i < messages; ++i) result.without_sleep += server.answer();
  result.interrupts = receive_interrupts() - before;
  unset_polling();
  return result;
}

void ping(std::uint16_t port, int messages, std::chrono::milliseconds pace) {
  unique_fd fd;
  wait_until("the guest answers", [&] {
    fd = connect_and_ping(port);
    return fd.valid();
  });
  const int on = 1;
  checked(setsockopt(fd.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)), "nodelay");
  for (int i = 0; i < messages; ++i) {
    std::this_thread::sleep_for(pace);
    send_byte(fd);
    if (!receive_byte(fd)) throw std::runtime_error("the guest has closed the connection");
  }
}

unique_fd listen_on(std::uint16_t port) {
  unique_fd fd = checked_fd(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket");
  const sockaddr_in address = address_of(INADDR_ANY, port);
  checked(bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)), "bind");
  checked(listen(fd.get(), 4), "listen");
  return fd;
}

}  // namespace xpoll::busypoll
