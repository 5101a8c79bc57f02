// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "apps/app_test.h"
#include "apps/http_files.h"
#include "apps/tcp_port.h"

namespace xpoll::test {

// A test of a program that serves files over HTTP.
class HttpServerTest : public AppTest {
 protected:
  void SetUp() override;

  // Starts the server, compares the served files, ends it with the signal, and expects this exit
  // status and instances on the test's backend only.
  void expect_serves_the_files(const Command& server, const std::string& version,
                               int signal = SIGTERM, int status = 0);

  std::string port() const { return std::to_string(port_); }
  const HttpFiles& files() const { return *files_; }

 private:
  const std::uint16_t port_ = free_tcp_port();
  std::optional<HttpFiles> files_;
};

}  // namespace xpoll::test
