// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "apps/random_bytes.h"
#include "apps/redis_client.h"

namespace xpoll::test {

// Random commands on keys that no other client uses, and a model that predicts each reply.
class RedisTraffic {
 public:
  RedisTraffic(std::string prefix, std::uint64_t seed);

  // Sends batches of 1 to 24 pipelined commands, every fifth as a transaction.
  void run(RedisClient& client, int batches);
  // Checks that the server's data equals the model's.
  void verify(RedisClient& client) const;

 private:
  struct Exchange {
    RedisCommand command;
    RedisReply reply;
  };

  std::string random_key();
  Exchange next();
  Exchange set(const std::string& key);
  Exchange get(const std::string& key) const;
  Exchange append(const std::string& key);
  Exchange erase(const std::string& key);
  Exchange increment();
  void queue_batch(RedisClient& client, std::size_t commands);
  void queue_transaction(RedisClient& client, std::size_t commands);

  const std::string prefix_;
  Random random_;
  std::map<std::string, std::string> strings_;
  std::int64_t counter_ = 0;
};

}  // namespace xpoll::test
