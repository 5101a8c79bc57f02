// SPDX-License-Identifier: GPL-2.0-only
#include "apps/redis_traffic.h"

#include <fmt/format.h>

#include <utility>

namespace xpoll::test {
namespace {

constexpr std::size_t kKeys = 100;
constexpr std::size_t kLongestBatch = 24;
constexpr std::size_t kShortValue = 200;
// Larger than a socket's buffers, so that the server has to wait for room.
constexpr std::size_t kLongValue = 600'000;

}  // namespace

RedisTraffic::RedisTraffic(std::string prefix, std::uint64_t seed)
    : prefix_(std::move(prefix)), random_(seed) {}

void RedisTraffic::run(RedisClient& client, int batches) {
  for (int batch = 0; batch < batches; ++batch) {
    const std::size_t commands = 1 + below(random_, kLongestBatch);
    if (batch % 5 == 4) {
      queue_transaction(client, commands);
    } else {
      queue_batch(client, commands);
    }
    client.receive();
  }
}

void RedisTraffic::verify(RedisClient& client) const {
  for (std::size_t i = 0; i < kKeys; ++i) {
    const Exchange exchange = get(fmt::format("{}:{}", prefix_, i));
    client.queue(exchange.command, exchange.reply);
  }
  client.queue({"INCRBY", prefix_ + ":counter", "0"}, counter_);
  client.receive();
}

void RedisTraffic::queue_batch(RedisClient& client, std::size_t commands) {
  for (std::size_t i = 0; i < commands; ++i) {
    Exchange exchange = next();
    client.queue(exchange.command, std::move(exchange.reply));
  }
}

void RedisTraffic::queue_transaction(RedisClient& client, std::size_t commands) {
  RedisReply replies = RedisReply::array();
  client.queue({"MULTI"}, "OK");
  for (std::size_t i = 0; i < commands; ++i) {
    Exchange exchange = next();
    client.queue(exchange.command, "QUEUED");
    replies.push_back(std::move(exchange.reply));
  }
  client.queue({"EXEC"}, std::move(replies));
}

std::string RedisTraffic::random_key() {
  return fmt::format("{}:{}", prefix_, below(random_, kKeys));
}

RedisTraffic::Exchange RedisTraffic::next() {
  switch (below(random_, 8)) {
    case 0:
    case 1:
      return set(random_key());
    case 2:
      return append(random_key());
    case 3:
      return erase(random_key());
    case 4:
      return increment();
    default:
      return get(random_key());
  }
}

RedisTraffic::Exchange RedisTraffic::set(const std::string& key) {
  const bool is_long = below(random_, 50) == 0;
  std::string& value = strings_[key];
  value = random_bytes(random_, is_long ? kLongValue : below(random_, kShortValue));
  return {{"SET", key, value}, "OK"};
}

RedisTraffic::Exchange RedisTraffic::get(const std::string& key) const {
  const auto found = strings_.find(key);
  return {{"GET", key}, found == strings_.end() ? RedisReply() : RedisReply(found->second)};
}

RedisTraffic::Exchange RedisTraffic::append(const std::string& key) {
  const std::string more = random_bytes(random_, 1 + below(random_, kShortValue));
  std::string& value = strings_[key];
  value += more;
  return {{"APPEND", key, more}, value.size()};
}

RedisTraffic::Exchange RedisTraffic::erase(const std::string& key) {
  return {{"DEL", key}, strings_.erase(key)};
}

RedisTraffic::Exchange RedisTraffic::increment() {
  const auto by = static_cast<std::int64_t>(below(random_, 1000)) - 500;
  counter_ += by;
  return {{"INCRBY", prefix_ + ":counter", std::to_string(by)}, counter_};
}

}  // namespace xpoll::test
