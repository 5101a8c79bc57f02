// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <libmemcached/memcached.h>

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace xpoll::test {

// A connection to memcached. A call throws, naming the request, if it fails or is not answered
// within the deadline.
class MemcachedClient {
 public:
  explicit MemcachedClient(std::uint16_t port);

  void set(const std::string& key, const std::string& value);
  // Returns false if the key existed.
  bool add(const std::string& key, const std::string& value);
  std::optional<std::string> get(const std::string& key);
  // Gets several keys with one request. Missing keys are left out.
  std::map<std::string, std::string> get(const std::vector<std::string>& keys);
  std::optional<std::uint64_t> increment(const std::string& key, std::uint32_t by);
  // Returns whether the key existed.
  bool erase(const std::string& key);
  // The server's statistics.
  memcached_stat_st stats();

 private:
  struct Free {
    void operator()(memcached_st* client) const { memcached_free(client); }
  };

  void behave(memcached_behavior_t behavior, std::uint64_t value);
  // Returns true on success and false on `otherwise`, a result that is no failure. Throws on
  // anything else.
  bool succeeded(memcached_return_t result, memcached_return_t otherwise, std::string_view what,
                 const std::string& key) const;
  [[noreturn]] void fail(memcached_return_t result, std::string_view what,
                         const std::string& key) const;

  std::unique_ptr<memcached_st, Free> client_;
};

}  // namespace xpoll::test
