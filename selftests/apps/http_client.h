// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "apps/http_connection.h"

namespace xpoll::test {

// Sends requests on one connection until the server closes it, then on the next one. A server may
// close a connection between two responses while the next request is on its way. Only that request
// is repeated (RFC 9112, 9.3.1), on a new connection. All other failures throw.
class HttpClient {
 public:
  explicit HttpClient(std::uint16_t port) : port_(port) {}

  void connect() { kept_.emplace(port_); }
  HttpResponse get(const std::string& path);

  std::uint64_t reopened() const { return reopened_; }

 private:
  const std::uint16_t port_;
  std::optional<HttpConnection> kept_;
  std::uint64_t reopened_ = 0;
};

}  // namespace xpoll::test
