// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "apps/memcached_client.h"
#include "apps/random_bytes.h"

namespace xpoll::test {

// Random requests about keys that no other client uses. Each answer is compared with a model's.
class MemcachedTraffic {
 public:
  MemcachedTraffic(std::string prefix, std::uint64_t seed);

  // Sends requests on either connection at random. Throws at the first wrong answer.
  void run(MemcachedClient& one, MemcachedClient& other, int requests);

  std::uint64_t checked() const { return checked_; }
  // Number of keys requested by get, and number of those that existed.
  std::uint64_t gets() const { return gets_; }
  std::uint64_t hits() const { return hits_; }

 private:
  std::string random_key();
  std::optional<std::string> expected(const std::string& key) const;
  void set(MemcachedClient& client);
  void add(MemcachedClient& client);
  void get(MemcachedClient& client);
  void get_many(MemcachedClient& client);
  void erase(MemcachedClient& client);
  void increment(MemcachedClient& client);
  void count(std::size_t asked, std::size_t found);

  const std::string prefix_;
  const std::string counter_;
  Random random_;
  std::map<std::string, std::string> values_;
  std::optional<std::uint64_t> count_;
  std::uint64_t checked_ = 0;
  std::uint64_t gets_ = 0;
  std::uint64_t hits_ = 0;
};

}  // namespace xpoll::test
