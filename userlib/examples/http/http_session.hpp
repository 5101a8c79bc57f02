// SPDX-License-Identifier: MIT
#ifndef EXAMPLES_HTTP_SESSION_HPP
#define EXAMPLES_HTTP_SESSION_HPP

#include <http_parser.h>

#include <cstddef>
#include <string>
#include <string_view>

#include "http_counters.hpp"
#include "site.hpp"

namespace example {

/// One client's HTTP/1.1, without its socket: takes the bytes that came in and gives those to send.
/// Requests may be pipelined. While much waits to be sent, the rest of the input is left unparsed,
/// so a client that does not receive holds back its own requests and not our memory.
class http_session final {
 public:
  /// Counts requests.
  http_session(const site& files, http_counters& counters);
  http_session(const http_session&) = delete;
  http_session& operator=(const http_session&) = delete;

  /// Call it only while output() is empty. No bytes mean that the client sends no more.
  void receive(std::string_view bytes);

  /// What to send next. Call sent() after a part of it, however short, was sent.
  [[nodiscard]] std::string_view output() const { return output_; }
  void sent(std::size_t length);

  /// Whether output() ends what the client will get. Once it is sent, half-close the socket and
  /// receive until the session is finished: a close with input unread would reset the connection,
  /// and the client might lose the last response (RFC 9112, 9.6).
  [[nodiscard]] bool ending() const { return ending_; }

  /// Whether there is nothing to send and nothing to receive any more.
  [[nodiscard]] bool finished() const;

 private:
  static const http_parser_settings callbacks;
  static http_session& of(http_parser* parser) { return *static_cast<http_session*>(parser->data); }

  void parse();
  int begin_request();
  int end_headers();
  int end_request();
  void respond(http_status status, std::string_view fields, std::string_view body);
  void refuse(http_status status, std::string_view fields = {});

  const site& files_;
  http_counters& counters_;
  http_parser parser_{};
  std::string url_;
  std::string field_;
  bool in_value_ = false;
  bool has_host_ = false;

  std::string input_;  ///< not parsed yet
  std::string output_;
  bool ending_ = false;
  bool input_ended_ = false;
  std::size_t discarded_ = 0;
};

}  // namespace example

#endif  // EXAMPLES_HTTP_SESSION_HPP
