// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <http_parser.h>

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include "apps/http_connection.h"

namespace xpoll::test {

// Assembles one response from the pieces in which it arrives.
class HttpResponseParser {
 public:
  // Without a body if the request was HEAD.
  explicit HttpResponseParser(bool has_body = true);

  // Takes the piece up to the end of the response and returns how much that was. Throws if it can't
  // be a part of the response.
  std::size_t feed(std::string_view piece);
  bool complete() const { return complete_; }
  std::size_t bytes() const { return bytes_; }
  HttpResponse take() { return std::move(response_); }

 private:
  static const http_parser_settings kSettings;
  static HttpResponseParser& of(http_parser* parser);

  void header_field(std::string_view piece);

  http_parser parser_{};
  const bool has_body_;
  HttpResponse response_;
  std::string field_;
  bool in_value_ = false;
  std::size_t bytes_ = 0;
  bool complete_ = false;
};

}  // namespace xpoll::test
