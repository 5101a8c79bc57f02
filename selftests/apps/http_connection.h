// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "tools/util/checked.h"

namespace xpoll::test {

struct HttpResponse {
  unsigned status = 0;
  std::map<std::string, std::string> headers;
  std::string body;
  // Whether the server accepts another request on this connection.
  bool keeps_alive = false;
};

// A connection to an HTTP server on this machine. Its receive buffer is so small that the server
// has to wait for room in the middle of a file.
class HttpConnection {
 public:
  explicit HttpConnection(std::uint16_t port);

  // Empty if the server closed the connection before the first byte of a response. Throws if the
  // response is malformed or ends early, or if nothing arrives within the deadline.
  std::optional<HttpResponse> get(const std::string& path);

  // get() in two steps: until the response has begun, and the rest of it.
  void begin(const std::string& path);
  std::optional<HttpResponse> finish(bool has_body = true);

  // Sends these bytes, which may be several requests; finish() takes their responses in turn.
  void send_all(std::string_view requests);
  // Closes this side: no more requests follow.
  void end_requests();

  // Waits for the server to close it; throws if it sends anything or stays silent.
  void await_close();

 private:
  bool ask(const std::string& path);
  // 0 at end of file or after a reset.
  std::size_t receive(char* data, std::size_t size, const std::string& what);

  unique_fd socket_;
  std::string path_;  // of the last request
  std::string rest_;  // received, and not of a response that was returned
};

}  // namespace xpoll::test
