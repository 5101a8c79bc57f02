// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <hiredis/hiredis.h>

#include <cstdint>
#include <deque>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace xpoll::test {

using RedisCommand = std::vector<std::string>;

// An expected reply: a string (also for a status), an integer, null, or an array. An error is an
// object, so it equals none of these.
using RedisReply = nlohmann::json;

// A connection that compares every reply with the expected one. All calls throw, naming the
// command, if another reply arrives, or none within the deadline.
class RedisClient {
 public:
  static RedisClient tcp(std::uint16_t port);
  static RedisClient local(const std::string& path);

  RedisReply call(const RedisCommand& command);
  void expect(const RedisCommand& command, const RedisReply& reply);

  // Pipelining: commands are queued, sent by flush() or receive(), and answered in order.
  void queue(const RedisCommand& command, RedisReply reply);
  // Expects a message that the server sends without a request.
  void queue_push(std::string_view what, RedisReply message);
  void flush();
  // Receives the replies to everything queued.
  void receive();

  std::uint64_t checked() const { return checked_; }

 private:
  struct Free {
    void operator()(redisContext* context) const { redisFree(context); }
  };
  struct Expected {
    std::string what;
    RedisReply reply;
  };

  explicit RedisClient(redisContext* context);
  void append(const RedisCommand& command);
  RedisReply next(std::string_view what);
  [[noreturn]] void fail(std::string_view what) const;

  std::unique_ptr<redisContext, Free> context_;
  std::deque<Expected> expected_;
  std::uint64_t checked_ = 0;
};

}  // namespace xpoll::test
