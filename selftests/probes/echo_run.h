// SPDX-License-Identifier: GPL-2.0-only
#ifndef XPOLL_SELFTESTS_PROBES_ECHO_RUN_H
#define XPOLL_SELFTESTS_PROBES_ECHO_RUN_H

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>

#include "probes/program.h"
#include "util/backend.h"

namespace xpoll_test {

// An echo server that waits for clients. The client runs on native epoll.
class EchoRun {
 public:
  EchoRun(Backend server, int connections);

  pid_t serverPid() const { return server_.pid(); }
  std::uint16_t port() const { return port_; }

  // What the client counted, once every message is back and the server has ended. Throws if either
  // failed.
  nlohmann::json exchange(int messages);

 private:
  int connections_;
  Program server_;
  std::uint16_t port_;
};

}  // namespace xpoll_test

#endif  // XPOLL_SELFTESTS_PROBES_ECHO_RUN_H
