// SPDX-License-Identifier: GPL-2.0-only
#include "apps/http_response_parser.h"

#include <fmt/format.h>

#include <stdexcept>

namespace xpoll::test {

HttpResponseParser& HttpResponseParser::of(http_parser* parser) {
  return *static_cast<HttpResponseParser*>(parser->data);
}

// The callbacks. A result other than 0 makes the parser fail.
const http_parser_settings HttpResponseParser::kSettings = [] {
  http_parser_settings settings{};
  settings.on_header_field = [](http_parser* parser, const char* at, std::size_t length) {
    of(parser).header_field({at, length});
    return 0;
  };
  settings.on_header_value = [](http_parser* parser, const char* at, std::size_t length) {
    HttpResponseParser& self = of(parser);
    self.in_value_ = true;
    self.response_.headers[self.field_].append(at, length);
    return 0;
  };
  settings.on_headers_complete = [](http_parser* parser) { return of(parser).has_body_ ? 0 : 1; };
  settings.on_body = [](http_parser* parser, const char* at, std::size_t length) {
    of(parser).response_.body.append(at, length);
    return 0;
  };
  settings.on_message_complete = [](http_parser* parser) {
    HttpResponseParser& self = of(parser);
    self.response_.status = parser->status_code;
    self.response_.keeps_alive = http_should_keep_alive(parser) != 0;
    self.complete_ = true;
    http_parser_pause(parser, 1);
    return 0;
  };
  return settings;
}();

HttpResponseParser::HttpResponseParser(bool has_body) : has_body_(has_body) {
  http_parser_init(&parser_, HTTP_RESPONSE);
  parser_.data = this;
}

void HttpResponseParser::header_field(std::string_view piece) {
  if (in_value_) field_.clear();
  in_value_ = false;
  field_.append(piece);
}

std::size_t HttpResponseParser::feed(std::string_view piece) {
  const std::size_t parsed = http_parser_execute(&parser_, &kSettings, piece.data(), piece.size());
  const http_errno error = HTTP_PARSER_ERRNO(&parser_);
  bytes_ += parsed;
  if (!complete_ && (error != HPE_OK || parsed != piece.size())) {
    throw std::runtime_error(
        fmt::format("http: {} after {} bytes", http_errno_description(error), bytes_));
  }
  return parsed;
}

}  // namespace xpoll::test
