// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>

#include "probes/program.h"
#include "tools/util/backend.h"

namespace xpoll::test {

// An echo server and its client, which runs on native epoll.
class EchoRun {
 public:
  EchoRun(Backend server, int connections);

  pid_t server_pid() const { return server_.pid(); }
  std::uint16_t port() const { return port_; }

  // Returns the client's counts once every message has come back and the server has ended. Throws
  // if either failed.
  nlohmann::json exchange(int messages);

 private:
  int connections_;
  Program server_;
  std::uint16_t port_;
};

}  // namespace xpoll::test
