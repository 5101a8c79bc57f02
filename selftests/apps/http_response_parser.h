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
  HttpResponseParser();

  // Throws if it can't be a part of the response. An empty piece means end of file.
  void feed(std::string_view piece);
  bool complete() const { return complete_; }
  std::size_t bytes() const { return bytes_; }
  HttpResponse take() { return std::move(response_); }

 private:
  static const http_parser_settings kSettings;
  static HttpResponseParser& of(http_parser* parser);

  void header_field(std::string_view piece);

  http_parser parser_{};
  HttpResponse response_;
  std::string field_;
  bool in_value_ = false;
  std::size_t bytes_ = 0;
  bool complete_ = false;
};

}  // namespace xpoll::test
