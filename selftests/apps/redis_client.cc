// SPDX-License-Identifier: GPL-2.0-only
#include "apps/redis_client.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cerrno>
#include <chrono>
#include <stdexcept>
#include <utility>

#include "tools/util/wait_until.h"

namespace xpoll::test {
namespace {

constexpr std::size_t kShown = 80;

timeval deadline() { return {.tv_sec = std::chrono::seconds(kDeadline).count(), .tv_usec = 0}; }

std::string shown(std::string text) {
  if (text.size() <= kShown) return text;
  return fmt::format("{}... ({} bytes)", text.substr(0, kShown), text.size());
}

std::string shown(const RedisReply& reply) {
  return shown(reply.dump(-1, ' ', true, RedisReply::error_handler_t::replace));
}

std::string shown(const RedisCommand& command) {
  return shown(RedisReply(fmt::format("{}", fmt::join(command, " "))));
}

RedisReply converted(const redisReply& reply) {
  switch (reply.type) {
    case REDIS_REPLY_STATUS:
    case REDIS_REPLY_STRING:
      return std::string(reply.str, reply.len);
    case REDIS_REPLY_INTEGER:
      return reply.integer;
    case REDIS_REPLY_NIL:
      return nullptr;
    case REDIS_REPLY_ARRAY: {
      RedisReply array = RedisReply::array();
      for (std::size_t i = 0; i < reply.elements; ++i)
        array.push_back(converted(*reply.element[i]));
      return array;
    }
    default:
      return {{"error", std::string(reply.str, reply.len)}};
  }
}

}  // namespace

RedisClient::RedisClient(redisContext* context) : context_(context) {
  if (!context) throw std::bad_alloc();
  if (context->err) fail("connecting");
  redisSetTimeout(context, deadline());
}

RedisClient RedisClient::tcp(std::uint16_t port) {
  return RedisClient(redisConnectWithTimeout("127.0.0.1", port, deadline()));
}

RedisClient RedisClient::local(const std::string& path) {
  return RedisClient(redisConnectUnixWithTimeout(path.c_str(), deadline()));
}

void RedisClient::fail(std::string_view what) const {
  const int error = errno;
  std::string outstanding;
  for (const Expected& expected : expected_) outstanding += "\n  " + expected.what;
  const std::string why = context_->err == REDIS_ERR_IO && error == EAGAIN
                              ? fmt::format("no reply for {} s", deadline().tv_sec)
                              : context_->errstr;
  throw std::runtime_error(fmt::format("redis: {}: {}; outstanding besides:{}", what, why,
                                       outstanding.empty() ? " nothing" : outstanding));
}

void RedisClient::append(const RedisCommand& command) {
  std::vector<const char*> words;
  std::vector<std::size_t> lengths;
  for (const std::string& word : command) {
    words.push_back(word.data());
    lengths.push_back(word.size());
  }
  const int count = static_cast<int>(command.size());
  if (redisAppendCommandArgv(context_.get(), count, words.data(), lengths.data()) != REDIS_OK)
    fail("queueing " + shown(command));
}

RedisReply RedisClient::next(std::string_view what) {
  void* reply = nullptr;
  if (redisGetReply(context_.get(), &reply) != REDIS_OK) fail(what);
  const std::unique_ptr<void, void (*)(void*)> owner(reply, freeReplyObject);
  return converted(*static_cast<redisReply*>(reply));
}

RedisReply RedisClient::call(const RedisCommand& command) {
  receive();
  append(command);
  return next(shown(command));
}

void RedisClient::expect(const RedisCommand& command, const RedisReply& reply) {
  queue(command, reply);
  receive();
}

void RedisClient::queue(const RedisCommand& command, RedisReply reply) {
  append(command);
  expected_.push_back({shown(command), std::move(reply)});
}

void RedisClient::queue_push(std::string_view what, RedisReply message) {
  expected_.push_back({std::string(what), std::move(message)});
}

void RedisClient::flush() {
  for (int done = 0; !done;)
    if (redisBufferWrite(context_.get(), &done) != REDIS_OK) fail("sending");
}

void RedisClient::receive() {
  while (!expected_.empty()) {
    const Expected expected = std::move(expected_.front());
    expected_.pop_front();
    const RedisReply reply = next(expected.what);
    if (reply != expected.reply) {
      throw std::runtime_error(fmt::format("redis: {}: {} came instead of {}", expected.what,
                                           shown(reply), shown(expected.reply)));
    }
    ++checked_;
  }
}

}  // namespace xpoll::test
