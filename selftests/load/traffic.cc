// SPDX-License-Identifier: GPL-2.0-only
#include "load/traffic.h"

#include <sys/socket.h>

#include <chrono>
#include <stdexcept>

#include "tools/util/descriptors.h"
#include "tools/util/wait_until.h"
#include "util/tcp_state.h"
#include "util/watched.h"

namespace xpoll::test {
namespace {

constexpr int kLongestWaitMs =
    std::chrono::duration_cast<std::chrono::milliseconds>(kDeadline).count();

void require(bool holds, const char* else_what) {
  if (!holds) throw std::runtime_error(else_what);
}

// Closes with a RST: thousands of sockets in TIME_WAIT would not fit into the guest.
void reset_on_close(const unique_fd& socket) {
  const linger no_time{.l_onoff = 1, .l_linger = 0};
  checked(setsockopt(socket.get(), SOL_SOCKET, SO_LINGER, &no_time, sizeof(no_time)), "SO_LINGER");
}

}  // namespace

void Traffic::serve(int connections) {
  for (int i = 0; i < connections; ++i) serve_one();
}

void Traffic::close_watched(int closes) {
  constexpr int kTenth = 10;
  for (int i = 1; i <= closes; ++i) {
    if (i % kTenth == 0)
      serve_one();
    else
      close_one();
  }
}

void Traffic::serve_one() {
  const Backend backend = Backend::xpoll();
  const unique_fd client = listener_.connect();
  reset_on_close(client);
  unique_fd server = listener_.accept();
  checked(backend.add(ep_.get(), server.get(), EPOLLIN), "add");

  write_all(client, "x");
  const auto events = backend.ready(ep_.get(), kLongestWaitMs);
  require(events.size() == 1 && events[0].data.u64 == static_cast<std::uint64_t>(server.get()),
          "event lost");
  require(drain(server) == 1, "data lost");

  checked(server.close(), "close");
  require(fdinfo_lines(ep_.get()).empty(), "the close left a watch");
  wait_until_fin(client);
}

// If the close leaves a watch behind, the check after the next connection finds it.
void Traffic::close_one() {
  auto [watched, peer] = unix_pair();
  checked(Backend::xpoll().add(ep_.get(), watched.get(), EPOLLIN), "add");
  checked(watched.close(), "close");
  require(sees_eof(peer), "the close gave no end of file");
}

}  // namespace xpoll::test
