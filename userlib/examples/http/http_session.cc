// SPDX-License-Identifier: MIT
#include "http_session.hpp"

#include <fmt/chrono.h>
#include <fmt/core.h>
#include <strings.h>

#include <ctime>
#include <iterator>

namespace example {
namespace {

/// Parsing stops while so much waits to be sent.
constexpr std::size_t output_limit = 64 * 1024;
/// How much of a client that goes on sending after its last response is received and dropped.
constexpr std::size_t discard_limit = 256 * 1024;

const char* reason(http_status status) {
  switch (status) {
#define REASON(number, name, text) \
  case HTTP_STATUS_##name:         \
    return #text;
    HTTP_STATUS_MAP(REASON)
#undef REASON
  }
  return "";
}

}  // namespace

const http_parser_settings http_session::callbacks = [] {
  http_parser_settings settings{};
  settings.on_message_begin = [](http_parser* parser) { return of(parser).begin_request(); };
  settings.on_url = [](http_parser* parser, const char* at, std::size_t length) {
    of(parser).url_.append(at, length);
    return 0;
  };
  settings.on_header_field = [](http_parser* parser, const char* at, std::size_t length) {
    http_session& session = of(parser);
    if (session.in_value_) session.field_.clear();
    session.in_value_ = false;
    session.field_.append(at, length);
    return 0;
  };
  settings.on_header_value = [](http_parser* parser, const char*, std::size_t) {
    http_session& session = of(parser);
    session.in_value_ = true;
    if (strcasecmp(session.field_.c_str(), "Host") == 0) session.has_host_ = true;
    return 0;
  };
  settings.on_headers_complete = [](http_parser* parser) { return of(parser).end_headers(); };
  settings.on_message_complete = [](http_parser* parser) { return of(parser).end_request(); };
  return settings;
}();

http_session::http_session(const site& files, http_counters& counters)
    : files_(files), counters_(counters) {
  http_parser_init(&parser_, HTTP_REQUEST);
  parser_.data = this;
}

void http_session::receive(std::string_view bytes) {
  if (bytes.empty()) {
    input_ended_ = true;
  } else if (ending_) {
    discarded_ += bytes.size();
  } else {
    input_ += bytes;
    parse();
  }
}

void http_session::sent(std::size_t length) {
  output_.erase(0, length);
  if (output_.empty()) parse();
}

bool http_session::finished() const {
  return output_.empty() && (input_ended_ || discarded_ > discard_limit);
}

void http_session::parse() {
  std::size_t parsed = 0;
  while (parsed < input_.size() && !ending_ && output_.size() < output_limit) {
    parsed += http_parser_execute(&parser_, &callbacks, &input_[parsed], input_.size() - parsed);
    const http_errno error = HTTP_PARSER_ERRNO(&parser_);
    if (error == HPE_PAUSED)
      http_parser_pause(&parser_, 0);
    else if (error == HPE_HEADER_OVERFLOW)
      refuse(HTTP_STATUS_REQUEST_HEADER_FIELDS_TOO_LARGE);
    else if (error != HPE_OK && !ending_)
      refuse(HTTP_STATUS_BAD_REQUEST);
  }
  input_.erase(0, parsed);
}

int http_session::begin_request() {
  url_.clear();
  field_.clear();
  in_value_ = has_host_ = false;
  return 0;
}

/// Requests that are refused are answered before their bodies, for which a client may be waiting to
/// be asked ("Expect: 100-continue").
int http_session::end_headers() {
  parser_.upgrade = 0;  // an offer, which may be ignored
  if (parser_.method != HTTP_GET && parser_.method != HTTP_HEAD) {
    refuse(HTTP_STATUS_METHOD_NOT_ALLOWED, "Allow: GET, HEAD\r\n");
    return -1;
  }
  const bool needs_host = parser_.http_major == 1 && parser_.http_minor >= 1;
  if (needs_host && !has_host_) {
    refuse(HTTP_STATUS_BAD_REQUEST);
    return -1;
  }
  return 0;
}

int http_session::end_request() {
  ++counters_.requests;
  const auto file = files_.find(std::string_view(url_).substr(0, url_.find('?')));
  if (http_should_keep_alive(&parser_) == 0) ending_ = true;
  if (file == files_.end())
    respond(HTTP_STATUS_NOT_FOUND, {}, "not found\n");
  else
    respond(HTTP_STATUS_OK, fmt::format("Content-Location: {}\r\n", file->first), file->second);
  // after the last request, or while the output is long, the rest is not parsed
  if (ending_ || output_.size() >= output_limit) http_parser_pause(&parser_, 1);
  return 0;
}

void http_session::respond(http_status status, std::string_view fields, std::string_view body) {
  fmt::format_to(std::back_inserter(output_),
                 "HTTP/1.1 {} {}\r\nDate: {:%a, %d %b %Y %T} GMT\r\nContent-Length: {}\r\n"
                 "Connection: {}\r\n{}\r\n",
                 static_cast<int>(status), reason(status), fmt::gmtime(std::time(nullptr)),
                 body.size(), ending_ ? "close" : "keep-alive", fields);
  if (parser_.method != HTTP_HEAD) output_ += body;
}

void http_session::refuse(http_status status, std::string_view fields) {
  ending_ = true;
  respond(status, fields, {});
}

}  // namespace example
