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

// What a command must be answered with: a string (a status, too), an integer, null, or an array.
// An error is an object, so that it equals none of these.
using RedisReply = nlohmann::json;

// A connection that compares every reply with what it must be. All calls throw, naming the command,
// if another reply comes, or none within the deadline.
class RedisClient {
 public:
  static RedisClient tcp(std::uint16_t port);
  static RedisClient local(const std::string& path);

  RedisReply call(const RedisCommand& command);
  void expect(const RedisCommand& command, const RedisReply& reply);

  // Pipelined: commands are queued, sent by flush() or receive(), and answered in their order.
  void queue(const RedisCommand& command, RedisReply reply);
  // A message that the server sends without being asked.
  void queue_push(std::string_view what, RedisReply message);
  void flush();
  // The replies to all that is queued.
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
