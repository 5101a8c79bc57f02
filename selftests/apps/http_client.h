// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "apps/http_connection.h"

namespace xpoll::test {

// Asks on one connection as long as the server keeps it, then on the next. A server may close a
// connection between two responses, at a moment when the next request is on its way: that one alone
// is asked again (RFC 9112, 9.3.1), on a connection that is new. All other failures throw.
class HttpClient {
 public:
  explicit HttpClient(std::uint16_t port) : port_(port) {}

  HttpResponse get(const std::string& path);

  std::uint64_t reopened() const { return reopened_; }

 private:
  const std::uint16_t port_;
  std::optional<HttpConnection> kept_;
  std::uint64_t reopened_ = 0;
};

}  // namespace xpoll::test
