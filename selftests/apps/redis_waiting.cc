// SPDX-License-Identifier: GPL-2.0-only
#include "apps/redis_waiting.h"

#include <string>
#include <vector>

#include "apps/redis_info.h"
#include "tools/util/wait_until.h"

namespace xpoll::test {

std::uint64_t pop_blocking(const RedisServer& server, int rounds) {
  RedisClient popping = server.connect();
  RedisClient pushing = server.connect_locally();
  for (int round = 0; round < rounds; ++round) {
    const std::string value = "value " + std::to_string(round);
    popping.queue({"BLPOP", "waited-for", "0"}, {"waited-for", value});
    popping.flush();
    wait_until("a client blocked in BLPOP",
               [&] { return redis_info(pushing, "clients", "blocked_clients") == "1"; });
    pushing.expect({"RPUSH", "waited-for", value}, 1);
    popping.receive();
  }
  return popping.checked();
}

std::uint64_t publish(const RedisServer& server, int rounds) {
  constexpr int kSubscribers = 4;
  RedisClient publisher = server.connect();
  std::vector<RedisClient> subscribers;
  for (int i = 0; i < kSubscribers; ++i) {
    subscribers.push_back(i % 2 == 0 ? server.connect() : server.connect_locally());
    subscribers.back().expect({"SUBSCRIBE", "news"}, {"subscribe", "news", 1});
  }
  std::uint64_t messages = 0;
  for (int round = 0; round < rounds; ++round) {
    const std::string message = "message " + std::to_string(round);
    publisher.expect({"PUBLISH", "news", message}, kSubscribers);
    for (RedisClient& subscriber : subscribers) {
      subscriber.queue_push(message, {"message", "news", message});
      subscriber.receive();
      ++messages;
    }
  }
  return messages;
}

}  // namespace xpoll::test
