// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "apps/app_test.h"
#include "apps/http_files.h"
#include "apps/tcp_port.h"

namespace xpoll::test {

struct HttpLoad {
  int clients;  // each has two connections
  int responses_of_each;
};

// Differs between servers.
struct HttpServing {
  HttpLoad load{.clients = 4, .responses_of_each = 20};
  bool ring = false;     // whether the server has an io_uring
  int signal = SIGTERM;  // ends the server
  int status = 0;        // its exit status then
};

// A test of a program that serves files over HTTP.
class HttpServerTest : public AppTest {
 protected:
  void SetUp() override;

  // Starts the server, compares the served files, ends it, and expects instances on the test's
  // backend only.
  void expect_serves_the_files(const Command& server, const std::string& version,
                               const HttpServing& serving = {});

  std::string port() const { return std::to_string(port_); }
  const HttpFiles& files() const { return *files_; }

 private:
  const std::uint16_t port_ = free_tcp_port();
  std::optional<HttpFiles> files_;
};

}  // namespace xpoll::test
